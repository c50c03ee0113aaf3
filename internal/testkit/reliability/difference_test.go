package reliability_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// difference is a service that is not as the contract assumes, all the time. It
// begins after the resource was brought to where a phase begins.
type difference struct {
	name string
	// operations are those that it shows in; a phase without any is no cell.
	operations []string
	differ     func(t *testing.T, sc scene)
	// copes tells that everything must work while the service differs. Without it
	// an error is right, and loss, doubles and a connect that is on are not.
	copes bool
	// says is what the error must say; empty asks for none.
	says string
	// passes tells that it is over when the next process begins.
	passes bool
	// fails tells that tests fail for real.
	fails bool
	check func(t *testing.T, sc scene)
}

// lateCreate is when a creation that was answered 504 is done all the same.
const lateCreate = 5 * time.Second

// slowPage makes one reading of five pages longer than any demand for freshness.
const slowPage = 700 * time.Millisecond

// differences is the axis of services.
func differences() []difference {
	return slices.Concat(pagingDifferences(), lagDifferences(), shapeDifferences(), testDifferences(), tokenDifferences())
}

// quirky is a difference that consists of quirks.
func quirky(operation string, copes bool, quirks ...simulator.Quirk) difference {
	words := make([]string, 0, len(quirks))
	for _, q := range quirks {
		words = append(words, string(q))
	}
	return difference{
		name: strings.Join(words, "+"), operations: []string{operation}, copes: copes,
		differ: func(t *testing.T, sc scene) { t.Helper(); setQuirks(t, sc, quirks...) },
	}
}

func setQuirks(t *testing.T, sc scene, quirks ...simulator.Quirk) {
	t.Helper()
	if err := sc.env.Sim.SetQuirks(quirks...); err != nil {
		t.Fatal(err)
	}
}

// inFront puts the connects that the resource is about on the first page, which
// is the one that the difference hides.
func inFront(d difference) difference {
	differ := d.differ
	d.differ = func(t *testing.T, sc scene) {
		t.Helper()
		for _, c := range sc.env.Sim.Connects() {
			if strings.HasPrefix(c.Name, otherPrefix) {
				sc.env.Sim.DeleteConnect(c.ID)
				sc.env.Sim.CreateConnect(c.PopularMatchID, c.Name)
			}
		}
		differ(t, sc)
	}
	return d
}

func pagingDifferences() []difference {
	return []difference{
		quirky(listConnects, true, simulator.QuirkNoTotal),
		quirky(listConnects, true, simulator.QuirkTotalElsewhere),
		quirky(listConnects, true, simulator.QuirkNoTotal, simulator.QuirkEndNotFound),
		quirky(listConnects, false, simulator.QuirkIgnoresPage),
		quirky(listConnects, false, simulator.QuirkIgnoresPage, simulator.QuirkNoTotal),
		inFront(quirky(listConnects, false, simulator.QuirkPagesFromZero)),
		inFront(quirky(listConnects, false, simulator.QuirkPagesFromZero, simulator.QuirkNoTotal)),
		quirky(listConnects, false, simulator.QuirkUnknownIDs),
		inFront(difference{
			name: "slow-pages", operations: []string{listConnects}, copes: true,
			differ: func(t *testing.T, sc scene) {
				t.Helper()
				for i := range 6 {
					sc.env.Sim.CreateConnect(sc.env.MatchID(t, acctest.TypeformToWebhook), fmt.Sprintf("%smany %d", otherPrefix, i))
				}
				sc.env.Sim.SetPageDelay(slowPage)
			},
		}),
		{
			name: "cut-every-second", operations: []string{listConnects}, copes: true,
			differ: func(_ *testing.T, sc scene) {
				sc.env.Sim.AddFault(simulator.Fault{Operation: listConnects, Kind: simulator.FaultCutBody, Each: 2, Times: -1})
			},
		},
		{
			name: "page-2-fails-twice", operations: []string{listConnects}, copes: true,
			differ: func(_ *testing.T, sc scene) {
				sc.env.Sim.AddFault(simulator.Fault{
					Operation: listConnects, Kind: simulator.FaultStatus, Times: 2,
					Match: func(e simulator.Entry) bool { return e.Query.Get("page") == "2" },
				})
			},
		},
	}
}

func lagDifferences() []difference {
	lag := func(name string, lag simulator.Lag) difference {
		return difference{
			name: name, operations: []string{"create_connect"}, copes: true, passes: true,
			differ: func(_ *testing.T, sc scene) { sc.env.Sim.SetLag(lag) },
		}
	}
	afterCreate := func(name string, fault simulator.Fault, quirks ...simulator.Quirk) difference {
		return difference{
			name: name, operations: []string{"create_connect"}, copes: true,
			differ: func(t *testing.T, sc scene) {
				t.Helper()
				setQuirks(t, sc, quirks...)
				fault.Operation = listConnects
				fault.Match = func(simulator.Entry) bool { return sc.env.Sim.RequestCounts()["create_connect"] > 0 }
				sc.env.Sim.AddFault(fault)
			},
		}
	}
	return []difference{
		lag("lag-404", simulator.Lag{Requests: 2}),
		lag("lag-listings", simulator.Lag{Listings: 2}),
		lag("lag-time", simulator.Lag{Time: 300 * time.Millisecond}),
		{
			name: "late-create", operations: []string{"create_connect"}, copes: true,
			differ: func(_ *testing.T, sc scene) {
				sc.env.Sim.AddFault(simulator.Fault{Operation: "create_connect", Kind: simulator.FaultLateCommit, After: lateCreate})
			},
		},
		quirky("create_connect", true, simulator.QuirkCreateAnswersID),
		afterCreate("create-answers-id-listing-fails", simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusInternalServerError}, simulator.QuirkCreateAnswersID),
	}
}

// odd is what a person set in the web editor and no text.
func odd() map[string]string {
	return map[string]string{"count": "5", "headers": `{"a":"b"}`, "none": "null", "long": "9007199254740993123"}
}

func shapeDifferences() []difference {
	edits := []string{"edit_trigger_options", "edit_action_options"}
	return []difference{
		quirky(listConnects, false, simulator.QuirkNullOptions),
		quirky(listConnects, false, simulator.QuirkNoOptions),
		quirky(listConnects, false, simulator.QuirkNoTrigger),
		quirky("edit_trigger_options", true, simulator.QuirkEditAnswersID),
		quirky("turn_on_connect", true, simulator.QuirkSwitchAnswersBefore),
		quirky("create_connect", true, simulator.QuirkDraft),
		quirky(listConnects, true, simulator.QuirkOddStatus),
		{
			name: "typed-values", operations: edits, copes: true,
			differ: func(t *testing.T, sc scene) {
				t.Helper()
				editOurs(t, sc, func(step *simulator.Step) {
					for key, value := range odd() {
						step.SetOption(key, json.RawMessage(value))
					}
				})
			},
			check: mustKeepOdd,
		},
	}
}

// editOurs changes every step of the connects that the resource is about.
func editOurs(t *testing.T, sc scene, change func(*simulator.Step)) {
	t.Helper()
	for id := range look(sc.env).ours {
		err := sc.env.Sim.Edit(id, func(c *simulator.Connect) {
			change(&c.Trigger)
			for i := range c.Actions {
				change(&c.Actions[i])
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// mustKeepOdd holds the connects that were there before to the values of odd.
func mustKeepOdd(t *testing.T, sc scene) {
	t.Helper()
	for id := range sc.before.ours {
		held, there := sc.env.Sim.Connect(id)
		for _, step := range append([]simulator.Step{held.Trigger}, held.Actions...) {
			for key, want := range odd() {
				if got := string(step.Typed[key]); there && got != want {
					t.Errorf("the option %s became %q (as text %q), want %s", key, got, step.Options[key], want)
				}
			}
		}
	}
}

// testDifferences are tests that are answered in other forms: of those that
// fail none may turn a connect on.
func testDifferences() []difference {
	forms := []simulator.Quirk{"", simulator.QuirkTestStatus, simulator.QuirkTestResults, simulator.QuirkTestNoSteps, simulator.QuirkTestPartial}
	var all []difference
	for _, form := range forms {
		quirks := slices.DeleteFunc([]simulator.Quirk{form}, func(q simulator.Quirk) bool { return q == "" })
		if form != "" {
			all = append(all, quirky("run_test", false, form))
		}
		all = append(all, difference{
			name: strings.Trim(string(form)+"+failed-test", "+"), operations: []string{"run_test"}, fails: true,
			differ: func(t *testing.T, sc scene) {
				t.Helper()
				setQuirks(t, sc, quirks...)
				sc.env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultFailedTest, Times: -1})
			},
		})
	}
	return all
}

func tokenDifferences() []difference {
	var all []difference
	for _, pair := range []simulator.Quirk{
		simulator.QuirkTokenDataList, simulator.QuirkTokenDataText, simulator.QuirkTokenExpiryHuge, simulator.QuirkTokenExpiryFar,
	} {
		all = append(all, quirky("create_token", true, pair))
	}
	for _, shape := range []simulator.Quirk{
		simulator.QuirkTokenRefusalMessage, simulator.QuirkTokenRefusalMsg, simulator.QuirkTokenRefusalObject, simulator.QuirkTokenRefusalText,
		simulator.QuirkTokenRefusalInvalidRequest, simulator.QuirkTokenRefusal401, simulator.QuirkTokenRefusal200,
	} {
		one := quirky("create_token", false, shape)
		one.says = "appypie login"
		one.differ = func(t *testing.T, sc scene) {
			t.Helper()
			setQuirks(t, sc, shape)
			sc.env.Sim.AddFault(simulator.Fault{
				Operation: "create_token", Kind: simulator.FaultStatus, Status: http.StatusBadRequest, Times: -1,
				Message: "the refresh token is not valid any more",
			})
		}
		all = append(all, one)
	}
	return all
}

// encounter is one difference met by a resource in a phase.
type encounter struct {
	cell

	difference difference
}

// TestDifferences runs phases against services that differ, by default one phase
// for each difference.
func TestDifferences(t *testing.T) {
	t.Parallel()
	var todo []encounter
	for _, s := range subjects() {
		for _, p := range phases() {
			truth := measure(t, s, p)
			for _, d := range differences() {
				i := slices.IndexFunc(d.operations, func(operation string) bool { return truth.requests[operation] > 0 })
				if i < 0 || d.check != nil && !p.exists {
					continue
				}
				v := variant{name: d.name, harmless: d.copes}
				if d.fails {
					v.fault.Kind = simulator.FaultFailedTest
				}
				todo = append(todo, encounter{cell{s, p, v, d.operations[i], every, truth}, d})
			}
		}
	}
	if !full() {
		todo = sampleDifferences(todo)
	}
	for _, e := range todo {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			e.run(t)
		})
	}
}

// sampleDifferences takes the first encounter with each difference, and of those
// with the listing a refresh too: what is not shown must not be taken for gone.
func sampleDifferences(all []encounter) []encounter {
	met := map[[2]string]bool{}
	return slices.DeleteFunc(all, func(e encounter) bool {
		pair := [2]string{e.difference.name}
		if e.operation == listConnects && e.phase.name == "refresh" {
			pair[1] = e.phase.name
		}
		known := met[pair]
		met[pair] = true
		return known
	})
}

// run is one encounter: differ, act, judge, become as assumed unless the client
// must cope, finish the work.
func (e encounter) run(t *testing.T) {
	t.Helper()
	sc := arrange(t, e.subject, e.phase, nil)
	e.difference.differ(t, sc)
	sc.before = look(sc.env)
	var log tfrun.Buffer
	ctx, cancel := context.WithTimeout(tflogtest.RootLogger(t.Context(), &log), phaseTime)
	defer cancel()
	after, diags := e.phase.act(ctx, sc.env.Driver(t), sc.stage, sc.held)
	if ctx.Err() != nil {
		t.Errorf("the phase did not end within %s", phaseTime)
	}
	sc.quiet.wait(t, len(sc.env.Sim.Journal()))
	sc.clock.Advance(lateCreate) // What is late is done by now.
	e.judge(t, sc, after, diags)
	if !strings.Contains(diags.String(), e.difference.says) || e.difference.says != "" && !diags.HasError() {
		t.Errorf("the error does not say %q:\n%s", e.difference.says, diags)
	}
	if e.difference.fails && e.phase.changes && !diags.HasError() {
		t.Error("a test failed and nobody is told")
	}
	e.mustNotLeak(t, sc, after, diags, log.String())
	if !e.difference.copes || e.difference.passes {
		lift(t, sc)
	}
	e.mend(t, sc, after)
	if e.difference.check != nil {
		e.difference.check(t, sc)
	}
	mustBeTidy(t, sc.env)
}

func (e encounter) mustNotLeak(t *testing.T, sc scene, after *acctest.Resource, diags acctest.Diagnostics, log string) {
	t.Helper()
	for where, text := range map[string]string{"diagnostics": diags.String(), "state": after.Stored(), "log": log} {
		if err := sc.env.FindSecrets(where, text); err != nil {
			t.Error(err)
		}
	}
}

// lift makes the service as the contract assumes it.
func lift(t *testing.T, sc scene) {
	t.Helper()
	setQuirks(t, sc)
	sc.env.Sim.SetLag(simulator.Lag{})
	sc.env.Sim.SetPageDelay(0)
	sc.env.Sim.ClearFaults()
}
