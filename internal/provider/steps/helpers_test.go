package steps_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// The resource types of this room.
const (
	triggerType = "appypie_trigger_options"
	actionType  = "appypie_action_options"
)

// needsLevers says why these tests cannot run against a real account.
const needsLevers = "the test changes the service behind the provider's back"

// target is a connect that exists before Terraform looks at it, and the
// configuration of one of its steps.
type target struct {
	typeName string
	env      *acctest.Env
	id       string
	config   map[string]any
}

// sheetsTrigger is a trigger with a static selection and two dynamic ones.
func sheetsTrigger(t *testing.T, env *acctest.Env) target {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	return target{typeName: triggerType, env: env, id: made.ID, config: map[string]any{
		"connect_id": made.ID,
		"account_id": env.AccountID(t, "Google Sheets"),
		"options":    map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"},
	}}
}

// webhookAction is the sole action of a connect, with a secret option.
func webhookAction(t *testing.T, env *acctest.Env) target {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	return target{typeName: actionType, env: env, id: made.ID, config: map[string]any{
		"connect_id": made.ID,
		"options":    map[string]any{"url": "https://example.com/hook", "method": "PUT"},
	}}
}

// with is the target with some attributes of its configuration replaced; nil
// removes one.
func (g target) with(changes map[string]any) target {
	g.config = maps.Clone(g.config)
	for name, value := range changes {
		if value == nil {
			delete(g.config, name)
		} else {
			g.config[name] = value
		}
	}
	return g
}

// step is what the service holds of the step.
func (g target) step(t *testing.T) simulator.Step {
	t.Helper()
	connect := g.connect(t)
	if g.typeName == triggerType {
		return connect.Trigger
	}
	return connect.Actions[0]
}

func (g target) connect(t *testing.T) simulator.Connect {
	t.Helper()
	connect, ok := g.env.Sim.Connect(g.id)
	if !ok {
		t.Fatalf("the service has no connect %s", g.id)
	}
	return connect
}

// edit changes the step as a person would.
func (g target) edit(t *testing.T, change func(*simulator.Step)) {
	t.Helper()
	err := g.env.Sim.Edit(g.id, func(c *simulator.Connect) {
		if g.typeName == triggerType {
			change(&c.Trigger)
		} else {
			change(&c.Actions[0])
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goLive completes the connect and turns it on as a person would.
func (g target) goLive(t *testing.T) {
	t.Helper()
	if err := g.env.Sim.Edit(g.id, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
		t.Fatal(err)
	}
}

// complete gives every step but the target's what it needs to be turned on.
func (g target) complete(t *testing.T) target {
	t.Helper()
	err := g.env.Sim.Edit(g.id, func(c *simulator.Connect) {
		if g.typeName == triggerType {
			c.Actions[0].AccountID = g.env.AccountID(t, "HubSpot")
			c.Actions[0].Options = map[string]string{"email": "{{column2}}"}
		} else {
			c.Trigger.Options = map[string]string{"minute": "15"}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// newEnv is an Env whose levers a test may use.
func newEnv(t *testing.T, opts ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, opts...)
	env.NeedsSimulator(t, needsLevers)
	return env
}

// hasty is a driver that repeats no failed request.
func hasty(t *testing.T, env *acctest.Env) *acctest.Driver {
	t.Helper()
	driver := env.Driver(t)
	settings := env.Settings()
	settings["max_retries"] = 0
	must(t, driver.Configure(t.Context(), settings))
	return driver
}

func must(t *testing.T, diags acctest.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatalf("unexpected diagnostics:\n%s", diags)
	}
}

// applied converges and wants no diagnostics but that work of an earlier apply is
// done.
func applied(t *testing.T, driver *acctest.Driver, prior *acctest.Resource, g target) *acctest.Resource {
	t.Helper()
	after, diags := driver.Converge(t.Context(), prior, g.config)
	must(t, slices.DeleteFunc(diags, func(d acctest.Diagnostic) bool { return d.Summary == "An earlier apply did not finish" }))
	return after
}

// choice returns the value that an option of a step offers under a label.
func choice(t *testing.T, env *acctest.Env, of simulator.Step, key, label string) string {
	t.Helper()
	event, ok := env.Sim.Catalog().Trigger(of.EventID)
	if !ok {
		event, ok = env.Sim.Catalog().Action(of.EventID)
	}
	if !ok {
		t.Fatalf("the catalog has no trigger or action %s", of.EventID)
	}
	i := slices.IndexFunc(event.Fields, func(f catalog.Field) bool { return f.Key == key })
	if i < 0 {
		t.Fatalf("%q has no option %q", event.Name, key)
	}
	choices := env.Sim.Catalog().DropdownChoices(event.Fields[i], of.AccountID, of.Options)
	j := slices.IndexFunc(choices, func(c catalog.Choice) bool { return c.Label == label })
	if j < 0 {
		t.Fatalf("the option %q offers no %q", key, label)
	}
	return choices[j].Value
}
