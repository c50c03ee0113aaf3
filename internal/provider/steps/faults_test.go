package steps_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// stepFault is one thing that goes wrong while a step is applied.
type stepFault struct {
	operation string
	kind      simulator.FaultKind
	// skip is the number of requests to the operation that pass first.
	skip int
	// silent faults are not noticed by the apply itself, because the service
	// answers success; the next refresh sees them.
	silent bool
}

func stepFaults(edit string) []stepFault {
	const (
		list = "list_connects"
		off  = "turn_off_connect"
		on   = "turn_on_connect"
	)
	faults := []stepFault{
		{operation: list, kind: simulator.FaultStatus},
		{operation: list, kind: simulator.FaultStatus, skip: 1},
		{operation: off, kind: simulator.FaultNotApplied, silent: true},
	}

	for _, operation := range []string{off, edit, on} {
		for _, kind := range []simulator.FaultKind{
			simulator.FaultStatus, simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit,
			simulator.FaultMalformedBody, simulator.FaultHTML, simulator.FaultSuccessFalse,
		} {
			// The content of an answer to a write is not needed, so half of it
			// does no harm where the status says success.
			faults = append(faults, stepFault{operation: operation, kind: kind})
		}
	}
	return faults
}

// TestStepFaults breaks one request of creating or updating the options of a
// live connect. Whatever breaks, the connect is off or as it was, and the next
// apply brings about what was wanted, with the connect on as it was found.
func TestStepFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start  func(*testing.T, *acctest.Env) target
		edit   string
		before map[string]string
		after  map[string]any
	}{
		"trigger": {
			sheetsTrigger, "edit_trigger_options",
			map[string]string{"spreadsheet": "Old", "worksheet": "Old", "column1": "mine"},
			map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"},
		},
		"action": {
			webhookAction, "edit_action_options",
			map[string]string{"url": "https://example.com/old", "column1": "mine"},
			map[string]any{"url": "https://example.com/other"},
		},
	} {
		for _, fault := range stepFaults(tc.edit) {
			for _, update := range []bool{false, true} {
				phase := "create"
				if update {
					phase = "update"
				}
				t.Run(fmt.Sprintf("%s/%s/%s/%s/%d", name, phase, fault.operation, fault.kind, fault.skip), func(t *testing.T) {
					t.Parallel()
					env := newEnv(t)
					g := tc.start(t, env).complete(t)
					driver := hasty(t, env)
					held := driver.Absent(g.typeName)

					if update {
						held = applied(t, driver, held, g)
						g = g.with(map[string]any{"options": tc.after})
					} else {
						g.edit(t, func(s *simulator.Step) {
							s.AccountID, _ = g.config["account_id"].(string)
							s.Options = maps.Clone(tc.before)
						})
					}

					g.goLive(t)
					breakAndMend(t, driver, g, held, fault)
				})
			}
		}
	}
}

func breakAndMend(t *testing.T, driver *acctest.Driver, g target, held *acctest.Resource, fault stepFault) {
	t.Helper()
	before := g.step(t).Options

	held, diags := driver.Read(t.Context(), held)
	must(t, diags)

	plan, diags := driver.Plan(t.Context(), held, g.config)
	must(t, diags)
	g.env.Sim.AddFault(simulator.Fault{Operation: fault.operation, Kind: fault.kind, Skip: fault.skip, ConnectID: pathConnect(fault, g.id)})
	after, diags := driver.Apply(t.Context(), plan)
	if len(g.env.Sim.Faults()) > 0 {
		t.Fatal("the fault was not met; the test proves nothing")
	}
	if !fault.silent && fault.kind != simulator.FaultMalformedBody {
		wantNextStep(t, diags)
	}
	if connect := g.connect(t); connect.Status == simulator.StatusOn {
		wanted := wantedOptions(g, before)
		if got := g.step(t).Options; !maps.Equal(got, before) && !maps.Equal(got, wanted) {
			t.Errorf("the connect is on with %v, which is neither as before nor as wanted", got)
		}
	}

	mended := applied(t, driver, after, g)
	driver.MustPlanNothing(t.Context(), mended, g.config)
	if diff := cmp.Diff(wantedOptions(g, before), g.step(t).Options); diff != "" {
		t.Errorf("options after the second apply (-want +got):\n%s", diff)
	}
	if got := g.connect(t).Status; got != simulator.StatusOn {
		t.Errorf("the connect was on and is now %s", got)
	}
}

// pathConnect narrows a fault to a connect where the operation's path names one.
func pathConnect(fault stepFault, id string) string {
	if fault.operation == "list_connects" {
		return ""
	}
	return id
}

// wantedOptions is what the service has once the configuration is applied over
// options that it had before.
func wantedOptions(g target, before map[string]string) map[string]string {
	wanted := map[string]string{}
	if mine, ok := before["column1"]; ok {
		wanted["column1"] = mine
	}
	options, _ := g.config["options"].(map[string]any)
	for key, value := range options {
		wanted[key], _ = value.(string)
	}
	return wanted
}

// wantNextStep wants one error that says what went wrong and what to do.
func wantNextStep(t *testing.T, diags acctest.Diagnostics) {
	t.Helper()
	if len(diags) != 1 || !diags[0].Error {
		t.Fatalf("want one error, got:\n%s", diags)
	}
	what, next, ok := strings.Cut(diags[0].Detail, "\n\n")
	if !ok || what == "" || next == "" {
		t.Errorf("the error does not say what to do:\n%s", diags)
	}
}

// TestStepDestroyedWhilePaused: a creation left the connect paused, and the
// resource is destroyed instead of applied again.
func TestStepDestroyedWhilePaused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		// meanwhile happens between the failed creation and the destruction.
		meanwhile  func(*testing.T, target)
		wantStatus string
		wantWarn   string
	}{
		"the connect is turned on again": {
			meanwhile: func(t *testing.T, _ target) { t.Helper() }, wantStatus: simulator.StatusOn,
		},
		"a refusal does not stand in the way": {
			meanwhile: func(t *testing.T, g target) {
				t.Helper()
				g.edit(t, func(s *simulator.Step) { clear(s.Options) })
			},
			wantStatus: simulator.StatusOff, wantWarn: "The connect is off",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := sheetsTrigger(t, env).complete(t)
			g.goLive(t)

			driver := hasty(t, env)
			env.Sim.AddFault(simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultStatus})

			failed, diags := driver.Create(t.Context(), g.typeName, g.config)
			wantNextStep(t, diags)
			tc.meanwhile(t, g)
			gone, diags := driver.Destroy(t.Context(), failed)
			if gone.Exists() || diags.HasError() || len(diags) > 0 != (tc.wantWarn != "") || tc.wantWarn != "" && diags[0].Summary != tc.wantWarn {
				t.Errorf("destroying: %v\n%s", gone.Attributes, diags)
			}
			if got := g.connect(t).Status; got != tc.wantStatus {
				t.Errorf("the connect is %s, want %s", got, tc.wantStatus)
			}
		})
	}
}
