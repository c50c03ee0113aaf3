package connect_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const activationType = "appypie_connect_activation"

// ready is a connect that somebody made and completed; it is off.
func ready(t *testing.T, env *acctest.Env) simulator.Connect {
	t.Helper()
	env.NeedsSimulator(t, "the connect is made behind the provider's back")
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	return edited(t, env, made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "15"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook"}
	})
}

func flip(t *testing.T, env *acctest.Env, status string) {
	t.Helper()
	edited(t, env, sole(t, env).ID, func(c *simulator.Connect) { c.Status = status })
}

// TestActivationOrder holds the calls of each change to their order.
func TestActivationOrder(t *testing.T) {
	t.Parallel()
	const (
		test = "run_test"
		on   = "turn_on_connect"
		off  = "turn_off_connect"
	)

	for name, tc := range map[string]struct {
		// first is applied before; nil means that the activation is new.
		first, second map[string]any
		// live turns the connect on behind the provider's back before second.
		live   bool
		want   []string
		wantOn bool
	}{
		"create":                          {second: map[string]any{}, want: []string{on}, wantOn: true},
		"create and test":                 {second: map[string]any{"run_test": true}, want: []string{test, on}, wantOn: true},
		"create on a live connect":        {second: map[string]any{}, live: true, want: []string{}, wantOn: true},
		"create and test a live connect":  {second: map[string]any{"run_test": true}, live: true, want: []string{off, test, on}, wantOn: true},
		"create off":                      {second: map[string]any{"enabled": false}, want: []string{}},
		"create off on a live connect":    {second: map[string]any{"enabled": false}, live: true, want: []string{off}},
		"create off and test":             {second: map[string]any{"enabled": false, "run_test": true}, live: true, want: []string{off, test}},
		"turn off sends it":               {first: map[string]any{}, second: map[string]any{"enabled": false}, want: []string{off}},
		"turn on":                         {first: map[string]any{"enabled": false}, second: map[string]any{}, want: []string{on}, wantOn: true},
		"another revision without a test": {first: revisions(false, "1"), second: revisions(false, "2"), want: []string{}, wantOn: true},
		"another revision tests again":    {first: revisions(true, "1"), second: revisions(true, "2"), want: []string{off, test, on}, wantOn: true},
		"the same revision does not":      {first: revisions(true, "1"), second: with(revisions(true, "1"), map[string]any{"enabled": false}), want: []string{off}},
		"a test is asked for":             {first: revisions(false, "1"), second: revisions(true, "1"), want: []string{off, test, on}, wantOn: true},
		"a test is no longer asked for":   {first: revisions(true, "1"), second: revisions(false, "1"), want: []string{}, wantOn: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			made := ready(t, env)
			driver := env.Driver(t)
			held := driver.Absent(activationType)
			connectID := map[string]any{"connect_id": made.ID}
			if tc.first != nil {
				var diags acctest.Diagnostics
				held, diags = driver.Create(t.Context(), activationType, with(tc.first, connectID))
				must(t, diags)
			}
			if tc.live {
				flip(t, env, simulator.StatusOn)
			}
			env.ResetJournal()

			config := with(tc.second, connectID)
			after, diags := driver.Converge(t.Context(), held, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), after, config)
			if diff := cmp.Diff(tc.want, env.Writes()); diff != "" {
				t.Errorf("calls that write (-want +got):\n%s", diff)
			}
			service := sole(t, env)
			if got := service.Status == simulator.StatusOn; got != tc.wantOn || after.Get("enabled") != tc.wantOn || after.Get("status") != statusWord(env, service.Status) {
				t.Errorf("the service has %s, the state %v and %v; want on: %t", service.Status, after.Get("enabled"), after.Get("status"), tc.wantOn)
			}
		})
	}
}

func revisions(test bool, revision string) map[string]any {
	return map[string]any{"run_test": test, "revisions": []string{revision}}
}

func TestActivationDrift(t *testing.T) {
	t.Parallel()
	for name, enabled := range map[string]bool{"turned off by a person": true, "turned on by a person": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			config := map[string]any{"connect_id": ready(t, env).ID, "enabled": enabled}
			driver := env.Driver(t)

			held, diags := driver.Create(t.Context(), activationType, config)
			must(t, diags)
			wanted, other := simulator.StatusOn, simulator.StatusOff
			if !enabled {
				wanted, other = other, wanted
			}
			flip(t, env, other)

			read, diags := driver.Read(t.Context(), held)
			must(t, diags)

			plan, diags := driver.Plan(t.Context(), read, config)
			must(t, diags)
			if plan.Action != acctest.Update || plan.Get("status") != acctest.Unknown || read.Get("enabled") == enabled {
				t.Errorf("the plan is to %s with status %v", plan.Action, plan.Get("status"))
			}

			repaired, diags := driver.Apply(t.Context(), plan)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), repaired, config)
			if got := sole(t, env).Status; got != wanted {
				t.Errorf("the connect is %s, want %s", got, wanted)
			}
		})
	}
}

func TestActivationImport(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := map[string]any{"connect_id": ready(t, env).ID}
	driver := env.Driver(t)

	held, diags := driver.Create(t.Context(), activationType, config)
	must(t, diags)
	id := sole(t, env).ID

	imported, diags := driver.Import(t.Context(), activationType, id)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), imported, config)

	imported, diags = driver.ImportIdentity(t.Context(), activationType, map[string]any{"connect_id": id})
	must(t, diags)
	driver.MustPlanNothing(t.Context(), imported, config)
	if diff := cmp.Diff(held.Identity, imported.Identity); diff != "" {
		t.Errorf("identity after import (-created +imported):\n%s", diff)
	}
	for wrong, summary := range map[string]string{"": "Invalid import id", "no id": "Invalid import id", noSuchID: "Cannot import the activation"} {
		_, diags := driver.Import(t.Context(), activationType, wrong)
		if len(diags) != 1 || !strings.Contains(diags[0].Summary, summary) {
			t.Errorf("importing %q:\n%s", wrong, diags)
		}
	}
}

// noSuchID has the form of an id, and nothing has it.
const noSuchID = "000000000000000000000000"

func TestActivationOfAConnectThatIsGone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := map[string]any{"connect_id": ready(t, env).ID}
	driver := env.Driver(t)

	held, diags := driver.Create(t.Context(), activationType, config)
	must(t, diags)
	env.Sim.DeleteConnect(sole(t, env).ID)

	// Destroying what is gone is done already.
	gone, diags := driver.Destroy(t.Context(), held)
	if gone.Exists() || len(diags) > 0 {
		t.Errorf("destroying: %v\n%s", gone.Attributes, diags)
	}
	read, diags := driver.Read(t.Context(), held)
	if read.Exists() || len(diags) != 1 || diags[0].Error || !strings.Contains(diags[0].Summary, "No longer in the service") {
		t.Errorf("refreshing: %v\n%s", read.Attributes, diags)
	}

	plan, diags := driver.Plan(t.Context(), read, config)
	must(t, diags)
	if plan.Action != acctest.Create {
		t.Errorf("the plan is to %s", plan.Action)
	}
	after, diags := driver.Apply(t.Context(), plan)
	if after.Exists() || len(diags) != 1 || diags[0].Path != "connect_id" {
		t.Errorf("activating what is gone: %v\n%s", after.Attributes, diags)
	}
}

// TestActivationRefused: the service says what is missing, and nothing is on.
func TestActivationRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]bool{"turning on": false, "testing": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			made := ready(t, env)
			edited(t, env, made.ID, func(c *simulator.Connect) { clear(c.Actions[0].Options) })

			driver := env.Driver(t)
			config := map[string]any{"connect_id": made.ID, "run_test": test}
			held, diags := driver.Create(t.Context(), activationType, config)
			if held.Exists() || len(diags) != 1 || !strings.Contains(diags[0].Detail, "actions.0.url") || !strings.Contains(diags[0].Detail, "\n\nCorrect") {
				t.Errorf("activating: %v\n%s", held.Attributes, diags)
			}
			if got := sole(t, env).Status; got != simulator.StatusOff {
				t.Errorf("the connect is %s", got)
			}
			edited(t, env, made.ID, func(c *simulator.Connect) { c.Actions[0].Options["url"] = "https://example.com" })

			held, diags = driver.Converge(t.Context(), held, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), held, config)
		})
	}
}

// TestActivationWhoseTestFails leaves the connect off, and tests again with the
// next apply although nothing in the configuration changed.
func TestActivationWhoseTestFails(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "an account expires")

	made := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	account := env.AccountID(t, "HubSpot")
	edited(t, env, made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Actions[0].AccountID = env.AccountID(t, "Google Sheets"), account
		c.Trigger.Options = map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
		c.Actions[0].Options = map[string]string{"email": "{{column2}}"}
	})

	driver := env.Driver(t)
	config := with(revisions(true, "1"), map[string]any{"connect_id": made.ID})

	held, diags := driver.Create(t.Context(), activationType, config)
	must(t, diags)
	env.Sim.SetAccountStatus(account, simulator.AccountExpired)
	config["revisions"] = []string{"2"}
	held, diags = driver.Converge(t.Context(), held, config)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "the test failed") || held.Get("enabled") != true {
		t.Errorf("a failing test: %v\n%s", held.Attributes, diags)
	}
	if got := sole(t, env).Status; got != simulator.StatusOff {
		t.Errorf("the connect is %s", got)
	}

	env.Sim.SetAccountStatus(account, simulator.AccountActive)
	env.ResetJournal()

	held, diags = driver.Converge(t.Context(), held, config)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "test it, and turn it on") {
		t.Errorf("the next plan says:\n%s", diags)
	}
	driver.MustPlanNothing(t.Context(), held, config)
	if diff := cmp.Diff([]string{"run_test", "turn_on_connect"}, env.Writes()); diff != "" {
		t.Errorf("calls of the next apply (-want +got):\n%s", diff)
	}
}

// TestActivationStateBudget: an attribute more costs each of many connects
// something, so it must be worth that.
func TestActivationStateBudget(t *testing.T) {
	t.Parallel()
	const most = 147
	env := acctest.New(t)
	driver := env.Driver(t)
	revision := strings.Repeat("r", 12)
	held, diags := driver.Create(t.Context(), activationType, map[string]any{"connect_id": ready(t, env).ID, "revisions": []string{revision, revision}})
	must(t, diags)
	if got := len(held.Stored()); got > most {
		t.Errorf("the state has %d bytes, at most %d: %s", got, most, held.Stored())
	}
}
