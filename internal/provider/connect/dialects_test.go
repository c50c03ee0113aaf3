package connect_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// eachDialect runs a test against a service of each dialect.
func eachDialect(t *testing.T, run func(t *testing.T, env *acctest.Env)) {
	t.Helper()
	for _, spoken := range acctest.Dialects() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			run(t, acctest.New(t, acctest.WithDialect(spoken)))
		})
	}
}

// life is a connect, and what each step of its life did.
type life struct {
	*testing.T
	env    *acctest.Env
	driver *acctest.Driver
	held   *acctest.Resource
}

// apply converges on a configuration, after which nothing is to do, and compares
// the writes.
func (l *life) apply(step string, config map[string]any, writes ...string) {
	l.Helper()
	l.env.ResetJournal()
	held, diags := l.driver.Converge(l.Context(), l.held, config)
	if diags.HasError() {
		l.Fatalf("%s:\n%s", step, diags)
	}
	if diff := cmp.Diff(append([]string{}, writes...), l.env.Writes()); diff != "" {
		l.Errorf("%s: calls that write (-want +got):\n%s", step, diff)
	}
	l.driver.MustPlanNothing(l.Context(), held, config)
	l.held = held
}

// person changes the connect as somebody would in the browser.
func (l *life) person(change func(*simulator.Connect)) {
	l.Helper()
	if err := l.env.Sim.Edit(l.held.ID(), change); err != nil {
		l.Fatal(err)
	}
}

const (
	callCreate  = "create_connect"
	callTrigger = "edit_trigger_options"
	callAction  = "edit_action_options"
	callTest    = "run_test"
	callOn      = "turn_on_connect"
	callOff     = "turn_off_connect"
	callRename  = "update_connect_name"
	callDelete  = "delete_connect"
)

// TestEveryDialectCarriesAConnect is the life of a connect in one block: made,
// edited, tested and turned on, repaired after a person's changes, renamed, turned
// off, imported and deleted, with nothing but a dialect file.
func TestEveryDialectCarriesAConnect(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(t *testing.T, env *acctest.Env) {
		t.Helper()
		l := &life{T: t, env: env, driver: env.Driver(t)}
		l.held = l.driver.Absent(connectType)
		config := with(leads(t, env), map[string]any{"run_test": true})
		l.apply("create, edit, test and turn on", config, callCreate, callTrigger, callAction, callTest, callOn)
		if made := sole(t, env); made.Status != simulator.StatusOn || made.Trigger.Options["worksheet"] != "Inbound" || made.Actions[0].AccountID != env.AccountID(t, "HubSpot") {
			t.Errorf("the service has %+v", made)
		}
		l.person(func(c *simulator.Connect) {
			c.Trigger.Options["header_row"] = "Yes"
			c.Actions[0].Options["TRI__site_id"], c.Actions[0].Options["LocationId"] = "17", "L-1"
		})
		l.apply("options that nobody manages", config)
		l.person(func(c *simulator.Connect) { c.Trigger.Options["worksheet"] = "Elsewhere" })
		l.apply("repair of an option", config, callOff, callTrigger, callTest, callOn)
		l.person(func(c *simulator.Connect) { c.Status = simulator.StatusOff })
		l.apply("repair of the switch", config, callOn)
		config = with(config, map[string]any{"name": "Leads of 2026"})
		l.apply("rename", config, callRename)
		config = with(config, map[string]any{"enabled": false})
		l.apply("turn off", config, callOff)
		after := sole(t, env)
		want := map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Yes"}
		if diff := cmp.Diff(want, after.Trigger.Options); diff != "" {
			t.Errorf("options of the trigger (-want +got):\n%s", diff)
		}
		if options := after.Actions[0].Options; options["TRI__site_id"] != "17" || options["LocationId"] != "L-1" || after.Name != "Leads of 2026" {
			t.Errorf("the service has %q and the options %v", after.Name, options)
		}
		// An import finds all options, so a configuration of all is nothing to do.
		found := with(config, map[string]any{
			"run_test": nil,
			"trigger":  trigger(t, env, map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Yes"}),
			"actions": []any{map[string]any{
				"account_id": env.AccountID(t, "HubSpot"),
				"options":    map[string]any{"email": "{{column2}}", "TRI__site_id": "17", "LocationId": "L-1"},
			}},
		})
		for _, id := range []string{l.held.ID(), "name/Leads of 2026"} {
			imported, diags := l.driver.Import(t.Context(), connectType, id)
			must(t, diags)
			l.driver.MustPlanNothing(t.Context(), imported, found)
		}
		env.ResetJournal()
		_, diags := l.driver.Destroy(t.Context(), l.held)
		must(t, diags)
		if diff := cmp.Diff([]string{callDelete}, env.Writes()); diff != "" || len(env.Sim.Connects()) != 0 {
			t.Errorf("destroy (-want +got):\n%s", diff)
		}
	})
}

// TestEveryDialectCarriesFourResources is the same life in parts.
func TestEveryDialectCarriesFourResources(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(t *testing.T, env *acctest.Env) {
		t.Helper()
		driver := env.Driver(t)
		whole := leads(t, env)
		bare := with(whole, map[string]any{"trigger": nil, "actions": nil, "enabled": nil})
		made, diags := driver.Create(t.Context(), connectType, bare)
		must(t, diags)
		part := func(block any) map[string]any {
			values, _ := block.(map[string]any)
			return with(values, map[string]any{"connect_id": made.ID()})
		}
		actions, _ := whole["actions"].([]any)
		type resource struct {
			typeName string
			config   map[string]any
			held     *acctest.Resource
		}
		parts := []*resource{
			{typeName: "appypie_trigger_options", config: part(whole["trigger"])},
			{typeName: "appypie_action_options", config: part(actions[0])},
			{typeName: activationType, config: map[string]any{"connect_id": made.ID(), "run_test": true}},
		}
		env.ResetJournal()
		for _, p := range parts {
			p.held, diags = driver.Create(t.Context(), p.typeName, p.config)
			must(t, diags)
		}
		if diff := cmp.Diff([]string{callTrigger, callAction, callTest, callOn}, env.Writes()); diff != "" {
			t.Errorf("calls that write (-want +got):\n%s", diff)
		}
		for _, p := range parts {
			driver.MustPlanNothing(t.Context(), p.held, p.config)
		}
		l := &life{T: t, env: env, held: made}
		l.person(func(c *simulator.Connect) {
			c.Trigger.Options["worksheet"], c.Status = "Elsewhere", simulator.StatusOff
		})
		for _, p := range parts {
			p.held, diags = driver.Converge(t.Context(), p.held, p.config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), p.held, p.config)
		}
		if got := sole(t, env); got.Status != simulator.StatusOn || got.Trigger.Options["worksheet"] != "Inbound" {
			t.Errorf("after the repair the service has %+v", got)
		}
		for _, p := range []*resource{parts[2], parts[1], parts[0], {held: made}} {
			_, diags = driver.Destroy(t.Context(), p.held)
			must(t, diags)
		}
		if left := env.Sim.Connects(); len(left) != 0 {
			t.Errorf("left behind: %+v", left)
		}
	})
}

// A connect that was never turned on is a draft there, which is off.
func TestDraftIsOff(t *testing.T) {
	t.Parallel()
	for _, spoken := range acctest.Dialects() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithDialect(spoken), acctest.WithoutContract("the contract has no Draft"),
				acctest.WithSimulator(func(c *simulator.Config) { c.Quirks = []simulator.Quirk{simulator.QuirkDraft} }))
			driver := env.Driver(t)
			config := with(leads(t, env), map[string]any{"enabled": false})
			held, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), held, config)
			held, diags = driver.Converge(t.Context(), held, leads(t, env))
			must(t, diags)
			if held.Get("enabled") != true || sole(t, env).Status != simulator.StatusOn {
				t.Errorf("the state has %v, the service %s", held.Get("enabled"), sole(t, env).Status)
			}
		})
	}
}

// TestAccEveryDialect has the real Terraform work with nothing but a dialect file.
func TestAccEveryDialect(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(t *testing.T, env *acctest.Env) {
		t.Helper()
		tool := env.Project(t, map[string]string{"main.tf": killedConfiguration(t, env)})
		mustRun(t, tool, "apply", "-auto-approve", "-input=false")
		mustRun(t, tool, "plan", "-detailed-exitcode", "-input=false")
		if made := sole(t, env); made.Status != simulator.StatusOn {
			t.Errorf("the service has %+v", made)
		}
		if err := env.Sim.Edit(sole(t, env).ID, func(c *simulator.Connect) { c.Status = simulator.StatusOff }); err != nil {
			t.Fatal(err)
		}
		mustRun(t, tool, "apply", "-auto-approve", "-input=false")
		mustRun(t, tool, "plan", "-detailed-exitcode", "-input=false")
		mustRun(t, tool, "destroy", "-auto-approve", "-input=false")
		if left := env.Sim.Connects(); len(left) != 0 {
			t.Errorf("left behind: %+v", left)
		}
	})
}

// needsContract skips the test where the service speaks a foreign dialect. Reason
// completes the sentence "this test needs the contract's dialect: …".
func needsContract(t *testing.T, env *acctest.Env, reason string) {
	t.Helper()
	if acctest.DialectFile(env.Dialect()) != "" {
		t.Skipf("this test needs the contract's dialect: %s", reason)
	}
}

// statusWord is what the service calls a status of the contract.
func statusWord(env *acctest.Env, status string) string {
	words := map[simulator.Dialect][2]string{simulator.DialectRPC: {"0", "1"}, simulator.DialectREST: {"paused", "running"}}
	word, foreign := words[env.Dialect()]
	switch {
	case !foreign:
		return status
	case status == simulator.StatusOn:
		return word[1]
	default:
		return word[0]
	}
}

// refusedWith is how a message names the refusal of a request, 400 to 499: by the
// HTTP status or, where the service refuses with 200, by its code.
func refusedWith(env *acctest.Env, status int) string {
	if env.Dialect() == simulator.DialectRPC {
		return "code " + strconv.Itoa(status-400+4000)
	}
	return "HTTP " + strconv.Itoa(status)
}
