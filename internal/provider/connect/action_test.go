package connect_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	turnOn  = "appypie_connect_turn_on"
	turnOff = "appypie_connect_turn_off"
	runTest = "appypie_connect_run_test"
)

// readyConnect is a connect that can be turned on and tested.
func readyConnect(t *testing.T, env *acctest.Env, on bool) simulator.Connect {
	t.Helper()
	_, diags := env.Driver(t).Create(t.Context(), connectType, with(leads(t, env), map[string]any{"enabled": on}))
	must(t, diags)
	env.ResetJournal()
	return sole(t, env)
}

func expectMessages(t *testing.T, messages []string, parts ...string) {
	t.Helper()
	if len(messages) != len(parts) {
		t.Fatalf("messages %q, want %d", messages, len(parts))
	}
	for i, part := range parts {
		if !strings.Contains(messages[i], part) {
			t.Errorf("message %q lacks %q", messages[i], part)
		}
	}
}

func TestActionsMoveTheSwitch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action   string
		before   bool
		after    string
		writes   []string
		messages []string
	}{
		"on from off":  {turnOn, false, simulator.StatusOn, []string{"turn_on_connect"}, []string{`Turning the connect "Leads"`, `The connect "Leads" is on.`}},
		"on from on":   {turnOn, true, simulator.StatusOn, []string{}, []string{"is on already"}},
		"off from on":  {turnOff, true, simulator.StatusOff, []string{"turn_off_connect"}, []string{`Turning the connect "Leads"`, `The connect "Leads" is off.`}},
		"off from off": {turnOff, false, simulator.StatusOff, []string{}, []string{"is off already"}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t)
			connect := readyConnect(t, env, test.before)
			messages, diags := env.Driver(t).Invoke(t.Context(), test.action, map[string]any{"connect_id": connect.ID})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			expectMessages(t, messages, test.messages...)
			if after := sole(t, env); after.Status != test.after || !slices.Equal(env.Writes(), test.writes) {
				t.Errorf("status %s after %v, want %s after %v", after.Status, env.Writes(), test.after, test.writes)
			}
		})
	}
}

func TestActionRunsATestAndShowsEachStep(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	connect := readyConnect(t, env, true)
	messages, diags := env.Driver(t).Invoke(t.Context(), runTest, map[string]any{"connect_id": connect.ID, "timeout": "90s"})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	expectMessages(t, messages, `Testing the connect "Leads"`, "Step trigger "+connect.Trigger.StepID+": success", "Step actions[0] "+connect.Actions[0].StepID+": success")
	if want := []string{"run_test"}; !slices.Equal(env.Writes(), want) || sole(t, env).Status != simulator.StatusOn {
		t.Errorf("status %s after %v, want it on after %v", sole(t, env).Status, env.Writes(), want)
	}
}

func TestActionReportsAStepThatFails(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	connect := readyConnect(t, env, true)
	env.Sim.SetAccountStatus(connect.Actions[0].AccountID, simulator.AccountExpired)
	messages, diags := env.Driver(t).Invoke(t.Context(), runTest, map[string]any{"connect_id": connect.ID})
	if len(diags) != 1 || diags[0].Summary != "The test did not succeed on the connect "+connect.ID ||
		!strings.Contains(diags[0].Detail, connect.Actions[0].StepID) || !strings.Contains(diags[0].Detail, "run the action again") {
		t.Errorf("got:\n%s", diags)
	}
	expectMessages(t, messages, "Testing", "success", "actions[0] "+connect.Actions[0].StepID+": failed")
	if sole(t, env).Status != simulator.StatusOn {
		t.Error("the connect was turned off")
	}
}

func TestActionsEndEachMistakeInOneError(t *testing.T) {
	t.Parallel()
	fault := func(operation string, status int) simulator.Fault {
		return simulator.Fault{Operation: operation, Kind: simulator.FaultStatus, Status: status}
	}

	tests := map[string]struct {
		action          string
		config          map[string]any
		fault           simulator.Fault
		summary, detail string
		path            string
		// refused is the status with which the service refuses.
		refused int
	}{
		"no connect":            {action: turnOn, config: map[string]any{"connect_id": nil}, summary: "Missing Configuration for Required Attribute", path: "connect_id"},
		"a malformed id":        {action: turnOn, config: map[string]any{"connect_id": "my connect"}, summary: "Invalid Attribute Value Match", path: "connect_id"},
		"an unknown id":         {action: turnOff, config: map[string]any{"connect_id": absentID}, summary: "No such connect", path: "connect_id", detail: absentID},
		"no duration":           {action: runTest, config: map[string]any{"timeout": "soon"}, summary: "Invalid duration", path: "timeout", detail: "10m"},
		"too short a duration":  {action: runTest, config: map[string]any{"timeout": "10ms"}, summary: "Invalid duration", path: "timeout"},
		"no listing":            {action: turnOn, fault: fault("list_connects", http.StatusForbidden), summary: "Cannot read the connect", path: "connect_id", refused: http.StatusForbidden},
		"a refusal to turn on":  {action: turnOn, fault: fault("turn_on_connect", http.StatusBadRequest), summary: "Cannot turn on the connect", refused: http.StatusBadRequest},
		"a test that is broken": {action: runTest, fault: fault("run_test", http.StatusInternalServerError), summary: "The test did not succeed on the connect", detail: "HTTP 500"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t)
			connect := readyConnect(t, env, false)

			config := map[string]any{"connect_id": connect.ID}
			maps.Copy(config, test.config)
			if test.fault.Operation != "" {
				env.Sim.AddFault(test.fault)
			}

			detail := test.detail
			if test.refused != 0 {
				detail = refusedWith(env, test.refused)
			}
			_, diags := env.Driver(t).Invoke(t.Context(), test.action, config)
			if len(diags) != 1 || !diags[0].Error || !strings.HasPrefix(diags[0].Summary, test.summary) || diags[0].Path != test.path || !strings.Contains(diags[0].Detail, detail) {
				t.Errorf("got:\n%s", diags)
			}
			if sole(t, env).Status != simulator.StatusOff {
				t.Error("the connect was turned on")
			}
		})
	}
}

// A connect that is missing is found in the plan. One that is still to be made has
// no id yet.
func TestActionsPlanWithoutAConnect(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	for name, test := range map[string]struct {
		id   any
		want int
	}{
		"a missing one":            {absentID, 1},
		"one that is not made yet": {acctest.Unknown, 0},
	} {
		for _, action := range []string{turnOn, turnOff, runTest} {
			diags := env.Driver(t).PlanAction(t.Context(), action, map[string]any{"connect_id": test.id})
			if len(diags) != test.want {
				t.Errorf("%s of %s:\n%s", action, name, diags)
			}
		}
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("the plans wrote %v", writes)
	}
}

// A service that answers success and does nothing is not believed.
func TestActionInsistsOnTheSwitch(t *testing.T) {
	t.Parallel()
	env := dataEnv(t, func(c *simulator.Config) { c.Quirks = []simulator.Quirk{simulator.QuirkSwitchAnswersBefore} })
	connect := readyConnect(t, env, false)
	env.Sim.AddFault(simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultNotApplied, Times: 9})
	_, diags := env.Driver(t).Invoke(t.Context(), turnOn, map[string]any{"connect_id": connect.ID})
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "status did not change") {
		t.Errorf("got:\n%s", diags)
	}
}

func TestActionEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	connect := readyConnect(t, env, false)
	env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultHang})
	_, diags := env.Driver(t).Invoke(t.Context(), runTest, map[string]any{"connect_id": connect.ID, "timeout": "1s"})
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "may take 1s") || !strings.Contains(diags[0].Detail, "longer timeout") {
		t.Errorf("got:\n%s", diags)
	}
}
