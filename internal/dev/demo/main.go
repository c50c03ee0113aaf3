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

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run exists so that deferred work is done before the process ends.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	keep := flags.Bool("keep", wanted(os.Getenv("KEEP")), "leave the simulator running at the end, until Ctrl-C")
	spoken := flags.String("dialect", os.Getenv("DIALECT"), "the dialect of the service: rpc or rest; empty for the default")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()

	out := newPrinter(stdout)
	err := demonstrate(ctx, out, *keep, *spoken)
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

// wanted reads the KEEP variable as people set it.
func wanted(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "no", "false":
		return false
	}
	return true
}

// demonstrate prepares a folder, a service and Terraform, and goes through the
// steps. Whatever happens, the processes end and the folder is removed.
func demonstrate(ctx context.Context, out *printer, keep bool, spoken string) (err error) {
	started := time.Now()
	space, err := newWorkspace()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, space.remove()) }()

	out.heading("Build the provider and the simulator")
	if err := space.build(ctx); err != nil {
		return err
	}
	tool, err := tfrun.FindTerraform(ctx, space.Workspace, space.configuration())
	if err != nil {
		return err
	}
	service, err := startService(ctx, space, spoken)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.process.Stop()) }()
	tool.Environment = append(tool.Environment, service.info.Environment()...)
	if spoken != "" {
		tool.Environment = append(tool.Environment, "APPYPIE_DIALECT="+space.dialect(spoken))
	}
	out.line("%s, a Connect service at %s, folder %s", tool.Version, service.info.URL, space.Root)

	built := time.Now()
	show := &demonstration{out: out, tf: tool, service: service, space: space}
	for _, step := range show.steps() {
		out.heading(step.heading)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.heading, err)
		}
	}
	if err := show.summary(ctx, built.Sub(started), time.Since(built)); err != nil {
		return err
	}
	if !keep {
		return nil
	}
	return linger(ctx, out, service, space)
}

// linger leaves the service to the user until the user has had enough.
func linger(ctx context.Context, out *printer, service *service, space *workspace) error {
	block, err := service.providerBlock(ctx)
	if err != nil {
		return err
	}
	out.title("The service keeps running at " + service.info.URL + " until Ctrl-C")
	out.line("So that Terraform finds the provider:\n\n    export TF_CLI_CONFIG_FILE=%s\n", space.CLIConfig())
	out.line("Paste into a configuration:\n\n%s", block)
	select {
	case <-ctx.Done():
		return nil
	case <-service.process.Done:
		return errors.New("the simulator ended by itself")
	}
}
