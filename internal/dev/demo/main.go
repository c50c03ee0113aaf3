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
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// exitInterrupted is what shells report for a program that Ctrl-C ended.
const exitInterrupted = 130

const (
	// seed is the one of the companion's simulator, which decides the values behind
	// the labels of a drop-down.
	seed = 1
	// ending is how long the service may take to end.
	ending = 10 * time.Second
)

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
	flags.BoolVar(&show.keep, "keep", false, "keep the connects and the simulator at the end, until Ctrl-C")
	flags.BoolVar(&show.pause, "pause", false, "wait for Enter before each step")
	flags.StringVar(&show.dialect, "dialect", "", "the dialect of the service: rpc or rest; empty for the default")
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

// demonstrate prepares a folder, a service and Terraform, and goes through the
// steps. Whatever happens, the processes end and the folder is removed.
func demonstrate(ctx context.Context, out *printer, show options) (err error) {
	started := time.Now()
	root, err := os.MkdirTemp("", "appypie-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	defer func() {
		if left := os.RemoveAll(root); left != nil {
			err = errors.Join(err, fmt.Errorf("%w: %w", errCleanup, left))
		}
	}()
	space := tfrun.NewWorkspace(root)
	out.heading("Build the provider")
	out.command("go build .")
	source, err := prepare(ctx, space)
	if err != nil {
		return err
	}
	tool, err := tfrun.FindTerraform(ctx, space, space.Path("quickstart"))
	if err != nil {
		return err
	}
	if show.dialect != "" {
		tool.Environment = append(tool.Environment, "APPYPIE_DIALECT="+filepath.Join(source, "examples", "dialects", show.dialect+".yaml"))
	}
	// The end of ctx does not end the service: Terraform may still be finishing a
	// write.
	lasting := context.WithoutCancel(ctx)
	running, err := simulator.Start(lasting, simulator.Config{Seed: seed, Dialect: simulator.Dialect(show.dialect)}, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(lasting, ending)
		defer cancel()
		err = errors.Join(err, running.Close(ending))
	}()
	tool.Environment = append(tool.Environment, "APPYPIE_API_URL="+running.APIURL(), "APPYPIE_TOKEN_URL="+running.TokenURL(),
		"APPYPIE_CLIENT_ID="+running.ClientID(), "APPYPIE_CLIENT_SECRET="+running.ClientSecret(), "APPYPIE_REFRESH_TOKEN="+running.Login(),
		"APPYPIE_TOKEN_STORE_PATH="+space.Path("tokens"), "TF_VAR_signing_secret="+signingSecret)
	out.line("%s in the folder %s", tool.Version, space.Root)
	out.line("a Connect service, whose page is %s", out.paint(underlined, running.URL))
	d := &demonstration{out: out, tf: tool, service: running, built: time.Since(started)}
	if show.pause {
		d.pause = newPause(show.in)
	}
	if err := d.play(ctx, d.steps(show.keep)); err != nil {
		return err
	}
	if err := d.summary(); err != nil || !show.keep {
		return err
	}
	return d.linger(ctx, space.Path("environment.sh"))
}

// prepare compiles the provider, lays out a mirror that Terraform can install the
// provider from, and copies the quickstart. It returns the folder of the source.
func prepare(ctx context.Context, space *tfrun.Workspace) (source string, err error) {
	provider := space.Path("bin", tfrun.Executable("terraform-provider-appypie"))
	if err := tfrun.Build(ctx, provider, "."); err != nil {
		return "", err
	}
	if err := space.InstallProvider(provider); err != nil {
		return "", err
	}
	if source, err = tfrun.ModuleDir(ctx); err != nil {
		return "", err
	}
	const name = "main.tf"
	return source, tfrun.CopyFile(filepath.Join(source, "examples", "guides", "quickstart", name), space.Path("quickstart", name), 0o600)
}

// linger leaves the service to the user until the user has had enough. A script
// gives a shell what Terraform and the provider need.
func (d *demonstration) linger(ctx context.Context, file string) error {
	var script strings.Builder
	for _, variable := range d.tf.Environment {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "APPYPIE_") || strings.HasPrefix(name, "TF_") {
			fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		return fmt.Errorf("save the environment: %w", err)
	}
	d.out.title("The service keeps running until Ctrl-C, with its page at " + d.service.URL)
	d.out.line("Change a connect there, and look at the plan in another shell:\n")
	d.out.line("    cd %s\n    . %s\n    terraform plan\n", d.tf.Dir, file)
	d.out.line("After the second line, a configuration of your own works with the service too.")
	<-ctx.Done()
	return nil
}
