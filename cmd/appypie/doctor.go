package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// doctorFlags are the flags of doctor.
type doctorFlags struct {
	profile      string
	dialect      string
	dialectOut   string
	probe        bool
	write        bool
	popularMatch string
	yes          bool
	test         bool
	asJSON       bool
}

func newDoctorCommand(m machine) *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the setup, and the assumptions about the API",
		Long: "doctor shows which credentials, addresses, proxy and certificates are used, whether each setting is\n" +
			"valid, and whether the service can be reached. For that it makes one request, without credentials.\n\n" +
			"Most of the API's reference is not public, so the provider assumes much of it. With --probe doctor\n" +
			"calls every operation that reads, with your credentials, as the provider would. It shows what works,\n" +
			"and for the rest which line of the dialect to change. Where an operation is absent it tries a few\n" +
			"other GET paths. --dialect-out writes what it found to a file for the provider.\n\n" +
			"With --write it also makes a connect from a popular match, renames, edits, turns on, turns off and\n" +
			"deletes it. While it is on, the connect works for real; --test also runs its test, which acts in the\n" +
			"target app.\n\n" +
			"`appypie doctor explain OPERATION` shows one operation in full. doctor prints no secrets.",
		Example: "  appypie doctor\n  appypie doctor --probe --json\n  appypie doctor --probe --dialect-out dialect.yaml\n" +
			"  appypie doctor --probe --write --popular-match ID --yes",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			d, err := newDoctor(cmd, m, flags)
			if err != nil {
				return err
			}
			defer d.settings.closeIdle()
			report, err := d.examine(cmd.Context(), flags)
			d.progress.end()
			if err != nil {
				return err
			}
			if flags.dialectOut != "" {
				if err := writeDialect(flags.dialectOut, d.settings.dialectFile, report); err != nil {
					return err
				}
			}
			if err := show(cmd.OutOrStdout(), flags, report, printReport); err != nil {
				return err
			}
			return report.verdict()
		},
	}
	flags.add(cmd)
	f := cmd.Flags()
	f.BoolVar(&flags.probe, "probe", false, "call every operation that reads, with your credentials")
	f.BoolVar(&flags.write, "write", false, "make, change and delete a connect; needs --popular-match and --yes")
	f.StringVar(&flags.dialectOut, "dialect-out", "", "with --probe, write a dialect of what was found to this `FILE`")
	cmd.AddCommand(newExplainCommand(m))
	return explainCommand(cmd, "everything that was checked works", "something differs or failed, or a connect is left behind",
		sourceVariables(), loginVariables(), apiVariables(), networkVariables(), terminalVariables())
}

// add adds the flags that all commands of the doctor have.
func (f *doctorFlags) add(cmd *cobra.Command) {
	addProfileFlag(cmd, &f.profile)
	addDialectFlag(cmd, &f.dialect)
	cmd.Flags().StringVar(&f.popularMatch, "popular-match", "", "`ID` of the popular match that a connect is made from")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "agree to make, change and delete a connect")
	cmd.Flags().BoolVar(&f.test, "test", false, "also run the connect's test, which acts for real in the target app")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	withoutFiles(cmd, "popular-match")
}

// newDoctor reads the settings. What cannot be read is part of what it reports.
func newDoctor(cmd *cobra.Command, m machine, flags doctorFlags) (doctor, error) {
	s, err := readSettings(cmd, m, flags.profile)
	if err != nil && len(s.faults) == 0 {
		return doctor{}, err
	}
	return doctor{
		settings: s, getenv: m.getenv, proxyFor: http.ProxyFromEnvironment, now: time.Now, progress: newProgress(m, cmd.ErrOrStderr()),
	}, nil
}

// show prints a value for people or for programs.
func show[T any](out io.Writer, flags doctorFlags, value T, text func(io.Writer, T) error) error {
	if flags.asJSON {
		return printJSON(out, value)
	}
	return text(out, value)
}

func (f *doctorFlags) check() error {
	switch {
	case f.dialectOut != "" && !f.probe:
		return usage("--dialect-out belongs to --probe")
	case !f.write && (f.popularMatch != "" || f.yes || f.test):
		return usage("--popular-match, --yes and --test belong to --write")
	case f.write && f.popularMatch == "":
		return usage("--write needs --popular-match, the id of the popular match to make a connect from")
	case f.write && !f.yes:
		return usageNext("Add `--yes` to agree.", "--write makes a connect in your account, turns it on for a moment and deletes it")
	default:
		return nil
	}
}

// doctor examines a setup.
type doctor struct {
	settings settings
	getenv   func(name string) string
	// proxyFor is the proxy that the transport takes for a request.
	proxyFor func(*http.Request) (*url.URL, error)
	now      func() time.Time
	progress *progress
}

// asking tells which operation is called.
func (d doctor) asking(operation dialect.Operation) { d.progress.say("Asking %s", operation) }

// report is what the doctor found. Its JSON is an interface: members are added,
// never renamed.
type report struct {
	Credentials *statusJSON `json:"credentials"`
	// Checks are about the setup, Reads and Writes about operations.
	Checks []check   `json:"checks"`
	Reads  []finding `json:"reads"`
	Writes []finding `json:"writes"`
	// Endpoints are the overrides that heal what Reads found absent.
	Endpoints map[string]string `json:"endpoints"`
	// LeftBehind is the connect that --write could not delete.
	LeftBehind *leftBehind `json:"left_behind"`
	// Hint is what to look at first, or empty.
	Hint string `json:"hint"`
	OK   bool   `json:"ok"`

	// usable tells that the setup allows calls.
	usable   bool
	examiner *examiner
}

// hintOf doubts the address where nothing is there, and the form of errors where
// everything has the same answer.
func hintOf(reads []finding) string {
	const several = 3
	absent, same, called := true, true, []finding{}
	for _, f := range reads {
		if f.Verdict.works() || f.Override != "" {
			return ""
		}
		if f.Verdict != verdictSkipped {
			called = append(called, f)
			absent = absent && (f.Verdict == verdictAbsent || f.Verdict == verdictFailed && f.Status == 0)
			same = same && f.Verdict == verdictUnexpected && f.Answered == called[0].Answered
		}
	}
	switch {
	case len(called) == 0:
		return ""
	case absent:
		return "no operation is where it should be: check api_url"
	case same && len(called) >= several:
		return "every operation has the same answer: if it is an error, describe it in errors.failed of a dialect; else check api_url"
	}
	return ""
}

// The outcomes of a check.
const (
	checkOK      = "ok"
	checkWarning = "warning"
	checkFailed  = "failed"
)

// check is one fact about the setup.
type check struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	From   string `json:"from"`
	Result string `json:"result"`
	Detail string `json:"detail"`
}

// leftBehind is a connect that could not be deleted. The id is empty when only
// its name is known.
type leftBehind struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// examine carries out what the flags ask for.
func (d doctor) examine(ctx context.Context, flags doctorFlags) (report, error) {
	r := report{Checks: []check{}, Reads: []finding{}, Writes: []finding{}, Endpoints: map[string]string{}}
	r.usable = d.ground(ctx, &r)
	if !flags.probe && !flags.write || !r.usable {
		return r.finish(), nil
	}
	e, err := newExaminer(d.settings, d.asking)
	if err != nil {
		return r, err
	}
	if flags.probe {
		readWalk{e}.run(ctx)
		r.Reads, r.Endpoints = e.findings(), e.overrides
		r.Hint = hintOf(r.Reads)
	}
	if flags.write && ctx.Err() == nil {
		writes := newWriteWalk(e, d.now())
		writes.run(ctx, flags.popularMatch, flags.test)
		r.Writes, r.LeftBehind = writes.findings, writes.left
	}
	r.examiner = e
	if err := context.Cause(ctx); err != nil && r.LeftBehind == nil {
		return r, err
	}
	return r.finish(), nil
}

// finish decides whether all is well.
func (r report) finish() report {
	r.OK = r.problems() == nil
	return r
}

// verdict is the error that the command ends with.
func (r report) verdict() error {
	if problems := r.problems(); problems != nil {
		return errcode.Errorf(errcode.DoctorFound, "%s", strings.Join(problems, "; "))
	}
	return nil
}

func (r report) problems() []string {
	var problems []string
	for _, c := range r.Checks {
		if c.Result == checkFailed {
			problems = append(problems, c.Name+": "+c.Detail)
		}
	}
	for _, walk := range [][]finding{r.Reads, r.Writes} {
		off, called := 0, 0
		for _, f := range walk {
			if f.Verdict == verdictSkipped {
				continue
			}
			called++
			if !f.Verdict.works() {
				off++
			}
		}
		if off > 0 {
			problems = append(problems, fmt.Sprintf("%d of %d operations called do not work", off, called))
		}
	}
	if r.Hint != "" {
		problems = append(problems, r.Hint)
	}
	if r.LeftBehind != nil {
		problems = append(problems, "a connect is left behind")
	}
	return problems
}
