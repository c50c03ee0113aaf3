// Command bench measures the provider against the floor provider and, with
// -baseline, against itself at another commit: the real Terraform with each,
// phase by phase in turns, with what each phase asks of the service and what it
// costs. See the guide about performance.
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// settings are what the flags say.
type settings struct {
	// scales are the sizes that Terraform is run at.
	scales []scale
	phases []string
	// growth are the numbers of connects that are measured for how time grows;
	// with them nothing else is.
	growth []int
	// schema is at how many connects the groups of the schema are measured.
	schema int
	// count is how often everything is measured.
	count   int
	latency time.Duration
	out     string
	// baseline is the commit whose provider is measured too; empty for none.
	baseline string
	// profile is the folder for profiles of the real provider; empty takes none.
	profile string
	// buildFlags are those of a release, or none in tests, which share the cache
	// of the compiler with the others.
	buildFlags []string
}

// scale is a number of connects in one of the two forms.
type scale struct {
	connects int
	// four is the form of four resources a connect.
	four bool
}

// String is the scale as the flag has it.
func (s scale) String() string {
	if s.four {
		return strconv.Itoa(s.connects) + "x4"
	}
	return strconv.Itoa(s.connects)
}

// form is the folder of its configuration.
func (s scale) form() string {
	if s.four {
		return "four"
	}
	return "one"
}

// phaseSchema is no run of Terraform over a scale.
const phaseSchema = "schema"

func allPhases() []string { return append(phases(), phaseSchema) }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run exists so that deferred work is done before the process ends.
func run(args []string, stdout, stderr io.Writer) int {
	wanted, err := parse(args, stderr)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		_, _ = fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err = report(ctx, wanted, stdout, stderr)
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(stderr, "bench:", err)
	if failed, ok := errors.AsType[*tfrun.Error](err); ok {
		_, _ = fmt.Fprintf(stderr, "\nall it printed:\n%s\n", failed.Output)
	}
	return 1
}

func parse(args []string, stderr io.Writer) (settings, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	wanted := settings{
		buildFlags: []string{"-trimpath", "-ldflags=-s -w"}, phases: phases(),
		scales: []scale{{connects: 100}, {connects: 1000}, {connects: 100, four: true}},
	}
	flags.Func("n", "numbers of connects, such as 100,1000,100x4, which is the default; x4 is the form of four resources", func(text string) (err error) {
		wanted.scales, err = list(text, parseScale)
		return err
	})
	flags.Func("phases", "what to measure, of "+strings.Join(allPhases(), ",")+"; all but "+phaseSchema+" by default", func(text string) (err error) {
		wanted.phases, err = list(text, parsePhase)
		return err
	})
	flags.Func("growth", "numbers of connects, such as 500,1000,2000,4000: measure how the time of apply and plan grows, and nothing else", func(text string) (err error) {
		if wanted.growth, err = list(text, positive); err == nil && len(wanted.growth) == 1 {
			err = errors.New("name two numbers of connects or more")
		}
		return err
	})
	flags.StringVar(&wanted.baseline, "baseline", "", "commit whose provider is measured too")
	flags.IntVar(&wanted.schema, "schema-n", 1000, "number of connects of the phase "+phaseSchema)
	flags.IntVar(&wanted.count, "count", 0, "rounds, of which the tables show medians; 0 is 3 with -baseline, else 1")
	flags.DurationVar(&wanted.latency, "latency", 20*time.Millisecond, "how long the service takes for an answer")
	flags.StringVar(&wanted.out, "out", "", "file that the tables are written to as well")
	flags.Func("profile", "folder for CPU and allocation profiles of the real provider", func(text string) (err error) {
		wanted.profile, err = filepath.Abs(text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("there are no arguments, only flags: %q", flags.Arg(0))
	}
	if wanted.count == 0 {
		// What is compared with a baseline often differs by less than one round does
		// from the next.
		if wanted.count = 1; wanted.baseline != "" {
			wanted.count = 3
		}
	}
	if wanted.schema < 1 || wanted.count < 1 {
		return settings{}, errors.New("-schema-n and -count: choose 1 or more")
	}
	return wanted, nil
}

// list parses what commas separate.
func list[T any](text string, parse func(string) (T, error)) ([]T, error) {
	var all []T
	for part := range strings.SplitSeq(text, ",") {
		one, err := parse(part)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func parsePhase(text string) (string, error) {
	if !slices.Contains(allPhases(), text) {
		return "", fmt.Errorf("there is no phase %q; choose among %s", text, strings.Join(allPhases(), ", "))
	}
	return text, nil
}

func parseScale(text string) (scale, error) {
	number, four := strings.CutSuffix(text, "x4")
	connects, err := positive(number)
	return scale{connects: connects, four: four}, err
}

func positive(text string) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, fmt.Errorf("%q is no number of connects", text)
	}
	return number, nil
}

func (s settings) has(phase string) bool { return slices.Contains(s.phases, phase) }

// report measures and prints. Whatever happens, processes end and the folder is
// removed.
func report(ctx context.Context, wanted settings, stdout, progress io.Writer) (err error) {
	root, err := os.MkdirTemp("", "appypie-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the benchmark: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	b := &bench{settings: wanted, space: tfrun.NewWorkspace(root), progress: progress}
	if err := b.build(ctx); err != nil {
		return err
	}
	var text strings.Builder
	if err := b.write(ctx, &text); err != nil {
		return err
	}
	if wanted.out != "" {
		if err := os.WriteFile(wanted.out, []byte(text.String()), 0o644); err != nil { //nolint:gosec // the docs show it.
			return fmt.Errorf("write the results: %w", err)
		}
	}
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return fmt.Errorf("print the results: %w", err)
	}
	return nil
}
