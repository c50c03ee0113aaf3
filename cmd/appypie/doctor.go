package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
)

// doctorFlags are the flags of doctor.
type doctorFlags struct {
	profile      string
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
		Long: "doctor tells which credentials, addresses, proxy and certificates are in force, and whether the service\n" +
			"can be reached. For that it makes one request, without credentials.\n\n" +
			"Most of the API's reference is not public, so the provider assumes much of it. With --probe doctor calls\n" +
			"every operation that reads, with your credentials, and compares the answers with the assumptions. Where an\n" +
			"operation is absent it tries a few other GET paths and names the override that heals it.\n\n" +
			"With --write it also makes a connect from a popular match, renames, edits, turns on, turns off and deletes\n" +
			"it. While it is on, the connect works for real; --test also runs its test, which acts in the target app.\n\n" +
			"doctor prints nothing secret.",
		Example: "  appypie doctor\n  appypie doctor --probe --json\n  appypie doctor --probe --write --popular-match ID --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			s, err := readSettings(cmd, m, flags.profile)
			if err != nil {
				return err
			}
			defer s.closeIdle()
			d := doctor{
				settings: s, getenv: m.getenv, proxyFor: http.ProxyFromEnvironment, now: time.Now,
				progress: newProgress(m, cmd.ErrOrStderr()),
			}
			report, err := d.examine(cmd.Context(), flags)
			d.progress.end()
			if err != nil {
				return err
			}
			show := printReport
			if flags.asJSON {
				show = printReportJSON
			}
			if err := show(cmd.OutOrStdout(), report); err != nil {
				return fmt.Errorf("print the report: %w", err)
			}
			return report.verdict()
		},
	}
	addProfileFlag(cmd, &flags.profile)
	f := cmd.Flags()
	f.BoolVar(&flags.probe, "probe", false, "call every operation that reads, with your credentials")
	f.BoolVar(&flags.write, "write", false, "make, change and delete a connect; needs --popular-match and --yes")
	f.StringVar(&flags.popularMatch, "popular-match", "", "`ID` of the popular match that --write makes its connect from")
	f.BoolVar(&flags.yes, "yes", false, "agree to what --write does")
	f.BoolVar(&flags.test, "test", false, "let --write run the connect's test, which acts for real in the target app")
	f.BoolVar(&flags.asJSON, "json", false, "print JSON")
	withoutFiles(cmd, "popular-match")
	return explainCommand(cmd, "all that was looked at is as assumed", "something differs or failed, or a connect is left behind",
		sourceVariables(), loginVariables(), apiVariables(), networkVariables(), terminalVariables())
}

func (f doctorFlags) check() error {
	switch {
	case !f.write && (f.popularMatch != "" || f.yes || f.test):
		return usage("--popular-match, --yes and --test belong to --write")
	case f.write && f.popularMatch == "":
		return usage("--write needs --popular-match, the id of the popular match to make a connect from")
	case f.write && !f.yes:
		return usage("--write makes a connect in your account, turns it on for a moment and deletes it; add --yes to agree")
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
	OK         bool        `json:"ok"`
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

// finding is how an operation answered.
type finding struct {
	Operation  dialect.Operation `json:"operation"`
	Provenance string                   `json:"provenance"`
	Method     string                   `json:"method"`
	Path       string                   `json:"path"`
	Verdict    connectapi.Verdict       `json:"verdict"`
	Detail     string                   `json:"detail"`
	// Status is the HTTP status; 0 means that no answer arrived.
	Status    int    `json:"status"`
	RequestID string `json:"request_id"`
	// Override is the endpoint that answers as assumed instead.
	Override string `json:"override"`
}

// leftBehind is a connect that could not be deleted. The id is empty when only
// its name is known.
type leftBehind struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

func findingOf(r connectapi.ProbeResult) finding {
	return finding{
		Operation: r.Operation.Name, Provenance: provenance(r.Operation), Method: r.Operation.Method, Path: r.Operation.Path,
		Verdict: r.Verdict, Detail: r.Detail, Status: r.Status, RequestID: r.RequestID,
	}
}

func skipped(op connectapi.Operation, reason string) finding {
	return findingOf(connectapi.ProbeResult{Operation: op, Verdict: connectapi.VerdictSkipped, Detail: reason})
}

func provenance(op connectapi.Operation) string {
	if op.Documented() {
		return "documented"
	}
	return "assumed"
}

// examine carries out what the flags ask for.
func (d doctor) examine(ctx context.Context, flags doctorFlags) (report, error) {
	r := report{Checks: []check{}, Reads: []finding{}, Writes: []finding{}, Endpoints: map[string]string{}}
	d.progress.say("Reaching %s", withoutSecrets(d.apiURL()))
	usable := d.ground(ctx, &r)
	if !flags.probe && !flags.write || !usable {
		return r.finish(), nil
	}
	client, err := d.settings.client()
	if err != nil {
		return r, err
	}
	table, err := connectapi.Operations(d.settings.endpoints)
	if err != nil {
		return r, problem.Errorf(problem.VariableMalformed, "%sENDPOINTS: %w", variablePrefix, err)
	}
	if flags.probe {
		reads := newReadWalk(client, table, d.asking)
		reads.run(ctx)
		r.Reads, r.Endpoints = reads.findings(), reads.overrides
	}
	if flags.write && ctx.Err() == nil {
		writes := newWriteWalk(client, table, d.asking, d.now())
		writes.run(ctx, flags.popularMatch, flags.test)
		r.Writes, r.LeftBehind = writes.findings, writes.left
	}
	if err := context.Cause(ctx); err != nil && r.LeftBehind == nil {
		return r, err //nolint:wrapcheck // the interruption of the person is the whole message.
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
		return problem.Errorf(problem.DoctorFound, "%s", strings.Join(problems, "; "))
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
			if f.Verdict == connectapi.VerdictSkipped {
				continue
			}
			called++
			if f.Verdict != connectapi.VerdictAsAssumed {
				off++
			}
		}
		if off > 0 {
			problems = append(problems, fmt.Sprintf("%d of %d operations called did not answer as assumed", off, called))
		}
	}
	if r.LeftBehind != nil {
		problems = append(problems, "a connect is left behind")
	}
	return problems
}
