package steps_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// references are the warnings about references among diagnostics; anything else
// fails the test.
func references(t *testing.T, diags acctest.Diagnostics) []acctest.Diagnostic {
	t.Helper()
	var found []acctest.Diagnostic
	for _, d := range diags {
		if d.Summary != "Reference to a value that is not there" || d.Error {
			t.Fatalf("unexpected diagnostics:\n%s", diags)
		}
		found = append(found, d)
	}
	return found
}

// TestReferencesAreHeldToTheLastTest: a key that the last test of the connect did
// not bring is a warning of the plan that writes it, and what is not known is none.
func TestReferencesAreHeldToTheLastTest(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text     string
		untested bool
		// want is a part of the only warning; empty when there is none.
		want string
		// read is how often the history is read.
		read int
	}{
		"a key":                  {text: "{{ column2 }}", read: 1},
		"near":                   {text: "{{colum2}}", want: `refers to {{colum2}}, and the last test of the connect 2`, read: 1},
		"near, the hint":         {text: "{{colum2}}", want: `Did you mean "column2"`, read: 1},
		"far":                    {text: "To {{nobody_at_all}}", want: "It shows: row_number, row_url, column1", read: 1},
		"an expression":          {text: "{{1.nobody}} {{upper nobody}} {{}}"},
		"no reference":           {text: "ada@example.com"},
		"never tested":           {text: "{{colum2}}", untested: true, read: 1},
		"several in one":         {text: "{{column1}} {{colum2}} {{colum2}}", want: "{{colum2}}", read: 1},
		"what a key is called":   {text: "{{Column2}}", want: `Did you mean "column2"`, read: 1},
		"a value of the own row": {text: "{{email}}", want: "{{email}}", read: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := contactAction(t, env)
			if !tc.untested {
				test(t, env, g.id)
			}
			env.ResetJournal()
			driver := env.Driver(t)
			config := g.with(map[string]any{"options": map[string]any{"email": tc.text}}).config
			_, diags := driver.Plan(t.Context(), driver.Absent(actionType), config)
			found := references(t, diags)
			if tc.want == "" && len(found) > 0 || tc.want != "" && (len(found) != 1 || !strings.Contains(found[0].Detail, tc.want) || found[0].Path != `options["email"]`) {
				t.Errorf("want one warning with %q, got:\n%s", tc.want, diags)
			}
			if got := len(env.Requests("get_connect_history")); got != tc.read {
				t.Errorf("the history was read %d times, want %d", got, tc.read)
			}
			if got := len(env.Requests("run_test")); got != 0 {
				t.Errorf("the plan ran %d tests", got)
			}
		})
	}
}

// TestReferencesOfALaterAction: an action can refer to what actions before it
// bring; while one of them was not tested, nothing is said.
func TestReferencesOfALaterAction(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "Entries")
	config := map[string]any{
		"connect_id": made.ID, "position": 2, "account_id": env.AccountID(t, "Slack"),
		"options": map[string]any{"channel": choice(t, env, made.Actions[1], "channel", "sales"), "text": "{{id}} {{emial}}"},
	}
	plan := func() []acctest.Diagnostic {
		driver := env.Driver(t)
		_, diags := driver.Plan(t.Context(), driver.Absent(actionType), config)
		return references(t, diags)
	}
	if found := plan(); len(found) != 0 {
		t.Errorf("of steps that were never tested: %v", found)
	}
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = env.AccountID(t, "Typeform"), map[string]string{"form": "f"}
		c.Actions[0].AccountID, c.Actions[0].Options = env.AccountID(t, "Mailchimp"), map[string]string{"list": "l", "email": "{{email}}"}
		c.Actions[1].AccountID, c.Actions[1].Options = env.AccountID(t, "Slack"), map[string]string{"channel": "c", "text": "x"}
	}); err != nil {
		t.Fatal(err)
	}
	test(t, env, made.ID)
	// The id is that of the subscriber, which the first action brings.
	if found := plan(); len(found) != 1 || !strings.Contains(found[0].Detail, `{{emial}}`) || !strings.Contains(found[0].Detail, `"email"`) {
		t.Errorf("found %v", found)
	}
}

// TestReferencesOfANewConnect: there was no test, so the metadata of the trigger
// has to tell, where it does.
func TestReferencesOfANewConnect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		match, app string
		trigger    map[string]any
		want       string
	}{
		// A form's questions are all there is of an entry.
		"metadata tells":       {match: acctest.TypeformToWebhook, app: "Typeform", want: "the service shows no such value"},
		"only a test can tell": {match: acctest.SheetsToHubSpot, app: "Google Sheets"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			actions := []any{map[string]any{"options": map[string]any{"url": "https://example.com", "payload": "{{emial}}"}}}
			if tc.want == "" {
				actions = []any{map[string]any{"account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": "{{emial}}"}}}
			}
			driver := env.Driver(t)
			_, diags := driver.Plan(t.Context(), driver.Absent("appypie_connect"), map[string]any{
				"name": "New", "popular_match_id": env.MatchID(t, tc.match), "actions": actions,
			})
			found := references(t, diags)
			if tc.want == "" && len(found) > 0 || tc.want != "" && (len(found) != 1 || !strings.Contains(found[0].Detail, tc.want) || found[0].Path != `actions[0].options["payload"]`) {
				t.Errorf("got:\n%s", diags)
			}
		})
	}
}

// TestReferencesToARewrittenTrigger: what the trigger brought before it was
// changed tells nothing.
func TestReferencesToARewrittenTrigger(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	driver := env.Driver(t)
	trigger := map[string]any{"account_id": env.AccountID(t, "Google Sheets"), "options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}}
	config := func(trigger map[string]any, email string) map[string]any {
		return map[string]any{
			"name": "Leads", "popular_match_id": env.MatchID(t, acctest.SheetsToHubSpot), "trigger": trigger, "run_test": true,
			"actions": []any{map[string]any{"account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": email}}},
		}
	}
	held, diags := driver.Create(t.Context(), "appypie_connect", config(trigger, "{{column2}}"))
	must(t, diags)
	later := env.Driver(t)
	_, diags = later.Plan(t.Context(), held, config(trigger, "{{column9}}"))
	if found := references(t, diags); len(found) != 1 {
		t.Errorf("want a warning, got:\n%s", diags)
	}
	other := map[string]any{"account_id": trigger["account_id"], "options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}}
	_, diags = env.Driver(t).Plan(t.Context(), held, config(other, "{{column9}}"))
	must(t, diags)
}

// TestReferencesWithoutHistory: a service without one shows no samples, which is
// no fault.
func TestReferencesWithoutHistory(t *testing.T) {
	t.Parallel()
	for status, warnings := range map[int]int{404: 0, 500: 1} {
		env := newEnv(t)
		g := contactAction(t, env)
		env.Sim.AddFault(simulator.Fault{Operation: "get_connect_history", Kind: simulator.FaultStatus, Status: status, Times: -1})
		driver := hasty(t, env)
		_, diags := driver.Plan(t.Context(), driver.Absent(actionType), g.config)
		if len(diags) != warnings || diags.HasError() {
			t.Errorf("with HTTP %d:\n%s", status, diags)
		}
	}
}

// contactAction is the sole action of a connect whose other steps are complete.
func contactAction(t *testing.T, env *acctest.Env) target {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = env.AccountID(t, "Google Sheets"), map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
		c.Actions[0].AccountID, c.Actions[0].Options = env.AccountID(t, "HubSpot"), map[string]string{"email": "old@example.com"}
	}); err != nil {
		t.Fatal(err)
	}
	return target{typeName: actionType, env: env, id: made.ID, config: map[string]any{
		"connect_id": made.ID, "account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": "{{column2}}"},
	}}
}

// test tests a connect, as a person would in the editor.
func test(t *testing.T, env *acctest.Env, id string) {
	t.Helper()
	client := env.Client(t)
	if _, err := client.Apply(t.Context(), id, nil, connectapi.Change{Test: true}); err != nil {
		t.Fatal(err)
	}
}
