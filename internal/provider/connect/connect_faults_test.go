package connect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// impatient is a driver whose provider gives up at once, so that a fault
// surfaces instead of being repeated away.
func impatient(t *testing.T, env *acctest.Env) *acctest.Driver {
	t.Helper()
	server, err := env.Factories()["appypie"]()
	if err != nil {
		t.Fatal(err)
	}

	driver := acctest.NewDriver(t, server)
	settings := env.Settings()
	settings["max_retries"] = 0
	// As long as the service may work on a creation whose answer was lost.
	settings["request_timeout"] = "3s"
	must(t, driver.Configure(t.Context(), settings))
	return driver
}

// TestConnectFaults fails every call of every phase once, in several ways.
// Whatever fails, the connect is off or as it was, the state knows it, and the
// next apply arrives where the first one should have.
func TestConnectFaults(t *testing.T) {
	t.Parallel()
	kinds := []simulator.FaultKind{
		simulator.FaultStatus, simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit,
		simulator.FaultMalformedBody, simulator.FaultHTML, simulator.FaultSuccessFalse,
	}
	phases := map[string]struct {
		live       bool
		operations []string
	}{
		"create": {operations: []string{"create_connect", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect", "list_connects"}},
		"update": {live: true, operations: []string{"list_connects", "turn_off_connect", "update_connect_name", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect"}},
	}

	for phase, p := range phases {
		for _, operation := range p.operations {
			for _, kind := range kinds {
				t.Run(fmt.Sprintf("%s/%s/%s", phase, operation, kind), func(t *testing.T) {
					t.Parallel()
					failOnce(t, p.live, simulator.Fault{Operation: operation, Kind: kind})
				})
			}
		}
	}
	for _, operation := range []string{"turn_on_connect", "turn_off_connect"} {
		t.Run("not applied/"+operation, func(t *testing.T) {
			t.Parallel()
			failOnce(t, operation == "turn_off_connect", simulator.Fault{Operation: operation, Kind: simulator.FaultNotApplied})
		})
	}
}

// heals: a creation in doubt is looked for and taken over or made, a test in
// doubt is looked up, and Go's HTTP client itself repeats a read whose reused
// connection broke.
func heals(operation string, kind simulator.FaultKind) bool {
	switch operation {
	case "create_connect":
		return true
	case "run_test":
		return kind == simulator.FaultResetAfterCommit || kind == simulator.FaultMalformedBody
	}
	return operation == "list_connects" && (kind == simulator.FaultResetBeforeCommit || kind == simulator.FaultResetAfterCommit)
}

// skipUnmet skips a fault that a service of another dialect cannot show.
func skipUnmet(t *testing.T, env *acctest.Env, fault simulator.Fault) {
	t.Helper()
	switch {
	case env.Dialect() == simulator.DialectREST && fault.Operation == "list_connects":
		t.Skip("a lone change reads the one connect and lists none")
	case env.Dialect() == simulator.DialectRPC && fault.Operation == "run_test" && fault.Kind == simulator.FaultResetAfterCommit:
		t.Skip("edits of this service do not answer the connect, so nobody knows what in the history came after them")
	}
}

func failOnce(t *testing.T, live bool, fault simulator.Fault) {
	t.Helper()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Latency = 2 * time.Millisecond }))
	if live {
		skipUnmet(t, env, fault)
	}
	driver := impatient(t, env)
	current := driver.Absent("appypie_connect")
	config := with(leads(t, env), map[string]any{"run_test": true})

	if live {
		var diags acctest.Diagnostics
		current, diags = driver.Create(t.Context(), "appypie_connect", with(config, map[string]any{"run_test": false}))
		must(t, diags)
		config = with(config, map[string]any{
			"name":    "Leads of 2026",
			"trigger": trigger(t, env, map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}),
			"actions": []any{map[string]any{"account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": "{{column3}}"}}},
		})
	}

	plan, diags := driver.Plan(t.Context(), current, config)
	must(t, diags)
	env.Sim.AddFault(fault)
	failed, diags := driver.Apply(t.Context(), plan)
	if got := len(diags.Errors()); got > 1 || got == 0 && fault.Kind != simulator.FaultNotApplied && !heals(fault.Operation, fault.Kind) {
		t.Fatalf("the fault gave %d errors, want 1:\n%s", got, diags)
	}
	for _, diag := range diags.Errors() {
		if diag.Detail == "" {
			t.Errorf("the error %q says nothing about what to do", diag.Summary)
		}
	}

	env.Sim.ClearFaults()
	checkKnownAndSafe(t, env, failed, live)

	converged, diags := driver.Converge(t.Context(), failed, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), converged, config)
	connect := sole(t, env)
	if connect.ID != converged.ID() || connect.Status != "ON" {
		t.Errorf("in the end connect %s is %s, and the state has %s", connect.ID, connect.Status, converged.ID())
	}
}

// checkKnownAndSafe: no connect that the state does not know, and none that is
// on with half of a change.
func checkKnownAndSafe(t *testing.T, env *acctest.Env, state *acctest.Resource, live bool) {
	t.Helper()
	for _, connect := range env.Sim.Connects() {
		if connect.ID != state.ID() {
			t.Errorf("connect %s is not in the state, which has %q", connect.ID, state.ID())
		}
		if connect.Status == "OFF" {
			continue
		}
		before := connect.Name == "Leads" && connect.Trigger.Options["worksheet"] == "Inbound" && connect.Actions[0].Options["email"] == "{{column2}}"
		after := connect.Trigger.Options["worksheet"] == "Archive" && connect.Actions[0].Options["email"] == "{{column3}}"
		if live && !before && !after {
			t.Errorf("the connect is on with half of the change: %+v", connect)
		}
	}
}

// TestConnectDeleteFaults: a failed deletion keeps the state, and a connect
// that is gone counts as deleted.
func TestConnectDeleteFaults(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"list_connects", "turn_off_connect", "delete_connect"} {
		for _, kind := range []simulator.FaultKind{simulator.FaultStatus, simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit, simulator.FaultHTML} {
			if heals(operation, kind) {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", operation, kind), func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				driver := impatient(t, env)
				created, diags := driver.Create(t.Context(), "appypie_connect", leads(t, env))
				must(t, diags)
				env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: kind})
				kept, diags := driver.Destroy(t.Context(), created)
				if len(diags.Errors()) != 1 || !kept.Exists() {
					t.Fatalf("want one error and a kept state, got %v and:\n%s", kept.Attributes, diags)
				}

				gone, diags := driver.Destroy(t.Context(), kept)
				must(t, diags)
				if gone.Exists() || len(env.Sim.Connects()) != 0 {
					t.Errorf("after the second destroy the service holds %d connects", len(env.Sim.Connects()))
				}
			})
		}
	}
}

// TestConnectIncompleteIsDeleted: a connect whose creation failed half-way was
// never used, so its replacement deletes it whatever the policy says.
func TestConnectIncompleteIsDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := impatient(t, env)
	config := with(leads(t, env), map[string]any{"deletion_policy": "retain"})
	env.Sim.AddFault(simulator.Fault{Operation: "edit_action_options", Kind: simulator.FaultStatus})
	failed, diags := driver.Create(t.Context(), "appypie_connect", config)
	if !diags.HasError() || !failed.Tainted {
		t.Fatalf("the creation did not fail half-way:\n%s", diags)
	}

	converged, diags := driver.Converge(t.Context(), failed, config)
	must(t, diags)
	if connect := sole(t, env); connect.ID != converged.ID() {
		t.Errorf("the service holds %s, the state %s", connect.ID, converged.ID())
	}
}

// TestConnectResumesPausedConnect: when only turning on again failed, and the
// switch is not managed, the next plan must show it and the next apply do it.
func TestConnectResumesPausedConnect(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := impatient(t, env)

	created, diags := driver.Create(t.Context(), "appypie_connect", leads(t, env))
	must(t, diags)
	config := with(leads(t, env), map[string]any{
		"enabled": nil,
		"trigger": trigger(t, env, map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}),
	})
	env.Sim.AddFault(simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultStatus})
	failed, diags := driver.Converge(t.Context(), created, config)
	if len(diags.Errors()) != 1 {
		t.Fatalf("want one error, got:\n%s", diags)
	}
	if got := failed.Get("trigger", "options", "worksheet"); got != "Archive" {
		t.Errorf("the state has worksheet %v, but the edit succeeded", got)
	}

	plan, diags := driver.Plan(t.Context(), failed, config)
	must(t, diags)
	if plan.Action != acctest.Update || plan.Get("enabled") != nil || len(diags) != 1 || !strings.Contains(diags[0].Detail, "turn it on") {
		t.Errorf("the plan is %s with enabled = %v, want an update that says that it turns it on:\n%s", plan.Action, plan.Get("enabled"), diags)
	}

	resumed, diags := driver.Apply(t.Context(), plan)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), resumed, config)
	if sole(t, env).Status != "ON" {
		t.Error("the connect is still off")
	}
}
