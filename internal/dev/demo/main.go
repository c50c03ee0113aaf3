// Command demo shows the whole job: the real Terraform manages connects in a
// simulated Connect service, step by step, and ends by itself.
//
// It touches nothing of the user's: the binaries, the CLI configuration of
// Terraform, its state and the token store live in a folder that is removed at
// the end, and no TF_* or APPYPIE_* variable is passed on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// exitInterrupted is what shells report for a program that Ctrl-C ended.
const exitInterrupted = 130

// errCleanup marks what the demonstration left behind.
var errCleanup = errors.New("could not clean up")

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// options is how the demonstration is shown.
type options struct {
	keep, pause bool
	dialect     string
	cast        string // file of the recording; empty records nothing
	in          io.Reader
}

// run exists so that deferred work is done before the process ends.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	show := options{in: stdin}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&show.keep, "keep", wanted(os.Getenv("KEEP")), "keep the connects and the simulator at the end, until Ctrl-C")
	flags.BoolVar(&show.pause, "pause", wanted(os.Getenv("PAUSE")), "wait for Enter before each step")
	flags.StringVar(&show.dialect, "dialect", os.Getenv("DIALECT"), "the dialect of the service: rpc or rest; empty for the default")
	flags.StringVar(&show.cast, "cast", "", "file to record into, as an asciinema cast; beside it an SVG is made of the cast")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()

	out, tape := newPrinter(stdout), &recorder{now: time.Now, last: time.Now()}
	if show.cast != "" {
		out = &printer{out: io.MultiWriter(stdout, tape), color: true}
	}
	err := demonstrate(ctx, out, show)
	if err == nil && show.cast != "" {
		err = tape.save(show.cast)
	}
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && !errors.Is(err, errCleanup) {
		_, _ = fmt.Fprintln(stderr, "\ndemo: interrupted; everything is cleaned up")
		return exitInterrupted
	}
	_, _ = fmt.Fprintln(stderr, "\ndemo:", err)
	if failed, ok := errors.AsType[*tfrun.Error](err); ok {
		_, _ = fmt.Fprintf(stderr, "\nall it printed:\n%s\n", failed.Output)
	}
	return 1
}

// wanted reads a variable such as KEEP as people set it.
func wanted(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "no", "false":
		return false
	}
	return true
}

// demonstrate prepares a folder, a service and Terraform, and goes through the
// steps. Whatever happens, the processes end and the folder is removed.
func demonstrate(ctx context.Context, out *printer, show options) (err error) {
	started := time.Now()
	space, err := newWorkspace()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, space.remove()) }()

	out.heading("Build the provider and the simulator")
	out.command("go build . ./cmd/appypie")
	if err := space.build(ctx); err != nil {
		return err
	}
	tool, err := tfrun.FindTerraform(ctx, space.Workspace, space.configuration())
	if err != nil {
		return err
	}
	service, err := startService(ctx, space, show.dialect)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.process.Stop()) }()
	tool.Environment = append(tool.Environment, service.info.Environment()...)
	tool.Environment = append(tool.Environment, "APPYPIE_TOKEN_STORE_PATH="+space.Path("tokens"))
	if show.dialect != "" {
		tool.Environment = append(tool.Environment, "APPYPIE_DIALECT="+space.dialect(show.dialect))
	}
	out.line("%s in the folder %s", tool.Version, space.Root)
	out.line("a Connect service, whose page is %s", out.paint(underlined, service.info.URL))

	d := &demonstration{out: out, tf: tool, service: service, space: space, built: time.Since(started)}
	if show.pause {
		d.pause = newPause(show.in)
	}
	if err := d.play(ctx, d.steps(show.keep)); err != nil {
		return err
	}
	if err := d.summary(ctx); err != nil {
		return err
	}
	if !show.keep {
		return nil
	}
	return linger(ctx, out, tool, service, space)
}

// linger leaves the service to the user until the user has had enough.
func linger(ctx context.Context, out *printer, tool *tfrun.Terraform, service *service, space *workspace) error {
	block, err := service.providerBlock(ctx)
	if err != nil {
		return err
	}
	if err := space.saveEnvironment(tool.Environment); err != nil {
		return err
	}
	out.title("The service keeps running until Ctrl-C, with its page at " + service.info.URL)
	out.line("Change a connect there, and look at the plan in another shell:\n")
	out.line("    cd %s\n    . %s\n    terraform plan\n", tool.Dir, space.environmentFile())
	out.line("For a configuration of your own, after the same second line:\n\n%s", block)
	select {
	case <-ctx.Done():
		return nil
	case <-service.process.Done:
		return errors.New("the simulator ended by itself")
	}
}
