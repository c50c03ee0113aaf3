package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestEntriesOfActions: a null entry is refused by name, and an unknown one is skipped.
func TestEntriesOfActions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	config := hourly(t, env, nil)
	action := map[string]any{"options": map[string]any{"url": "https://example.com/hook"}}
	diags := driver.Validate(t.Context(), connectType, with(config, map[string]any{"actions": []any{action, nil}}))
	if len(diags.Errors()) != 1 || diags[0].Path != "actions[1]" {
		t.Errorf("a null entry: want one error at actions[1], got:\n%s", diags)
	}
	for name, actions := range map[string]any{"entry": []any{acctest.Unknown}, "list": acctest.Unknown} {
		if _, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(config, map[string]any{"actions": actions})); len(diags) > 0 {
			t.Errorf("unknown %s: %s", name, diags)
		}
	}
	if _, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(config, map[string]any{"trigger": acctest.Unknown})); len(diags) > 0 {
		t.Errorf("unknown trigger: %s", diags)
	}
}

// TestRequiredOptionSetToNothing is found by the plan of an update.
func TestRequiredOptionSetToNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	_, diags = driver.Plan(t.Context(), made, hourly(t, env, map[string]any{"actions": []any{map[string]any{"options": map[string]any{"url": ""}}}}))
	if len(diags.Errors()) != 1 || diags[0].Path != `actions[0].options["url"]` {
		t.Errorf("want one error at the option, got:\n%s", diags)
	}
}

// TestUnknownPopularMatch does not replace a connect.
func TestUnknownPopularMatch(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	plan, diags := driver.Plan(t.Context(), made, hourly(t, env, map[string]any{"popular_match_id": acctest.Unknown}))
	must(t, diags)
	if plan.Action != acctest.Update {
		t.Errorf("the plan is %s of %v", plan.Action, plan.Replaces)
	}
}

// TestRetiredPopularMatch: the state knows enough to edit.
func TestRetiredPopularMatch(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	env.Sim.AddFault(simulator.Fault{Operation: "get_popular_match", Kind: simulator.FaultStatus, Status: 404, Times: -1})
	config := hourly(t, env, map[string]any{"trigger": minute("30")})
	_, diags = driver.Converge(t.Context(), made, config)
	if len(diags) > 0 {
		t.Errorf("an update says:\n%s", diags)
	}
	warning := env.DriverWith(t, map[string]any{"option_validation": "warn"})
	if _, diags = warning.Plan(t.Context(), warning.Absent(connectType), with(config, map[string]any{"name": "Another"})); diags.HasError() || len(diags) != 1 {
		t.Errorf("with option_validation = warn a creation says:\n%s", diags)
	}
}

// TestTimeoutsAreChecked by validate.
func TestTimeoutsAreChecked(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	for _, value := range []string{"0s", "-5m", "1ms", "soon"} {
		diags := driver.Validate(t.Context(), connectType, hourly(t, env, map[string]any{"timeouts": map[string]any{"create": value}}))
		if len(diags.Errors()) == 0 {
			t.Errorf("create = %q is accepted", value)
		}
	}
}

// TestNotReady: a new connect whose trigger is managed elsewhere cannot be on.
func TestNotReady(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	for attribute, config := range map[string]map[string]any{
		"enabled":  with(leads(t, env), map[string]any{"trigger": nil}),
		"run_test": with(leads(t, env), map[string]any{"trigger": nil, "enabled": nil, "run_test": true}),
	} {
		_, diags := driver.Plan(t.Context(), driver.Absent(connectType), config)
		if len(diags.Errors()) != 1 || diags[0].Path != attribute || !strings.Contains(diags[0].Detail, "trigger") {
			t.Errorf("%s: want one error, got:\n%s", attribute, diags)
		}
	}
}

// TestOneCauseOneMessage: data sources without credentials explain it once.
func TestOneCauseOneMessage(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	phase := env.DriverWith(t, map[string]any{"refresh_token": nil, "client_id": nil, "client_secret": nil}).SamePhase()
	lines := 0
	for i := range 5 {
		_, diags := phase.ReadData(t.Context(), "appypie_connects", map[string]any{"name": fmt.Sprint(i)})
		if len(diags.Errors()) != 1 {
			t.Fatalf("want one error, got:\n%s", diags)
		}
		lines += strings.Count(strings.TrimSpace(diags.String()), "\n") + 1
	}
	const most = 30
	if lines > most {
		t.Errorf("five data sources say %d lines", lines)
	}
}

// TestIsTheSimulatorRunning is asked where nobody listens on this machine.
func TestIsTheSimulatorRunning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	for name, url := range map[string]string{"nobody listens": "http://" + closedPort(t) + "/api", "https": strings.Replace(env.URL, "http:", "https:", 1) + "/api"} {
		driver := env.DriverWith(t, map[string]any{"api_url": url, "access_token": env.Sim.IssueAccessToken(), "refresh_token": nil, "client_id": nil, "client_secret": nil, "max_retries": 0})
		_, diags := driver.ReadData(t.Context(), "appypie_connects", nil)
		if !strings.Contains(diags.String(), "Does the simulator run?") {
			t.Errorf("%s:\n%s", name, diags)
		}
		if strings.HasPrefix(url, "https") && !strings.Contains(diags.String(), "use http") {
			t.Errorf("%s:\n%s", name, diags)
		}
	}
}
