package catalog

import (
	"slices"
	"strings"
	"testing"
)

// The demo, the examples and the acceptance tests of the project name these entries, so renaming one must fail here first.
func TestFixedPoints_fields(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	// A field reads: key, * for required, then text, secret, dynamic(parents) or the values of its choices.
	for _, want := range []struct {
		app, event, fields string
		action             bool
	}{
		{
			app: "Google Sheets", event: "New Spreadsheet Row",
			fields: "spreadsheet* dynamic(), worksheet* dynamic(spreadsheet), header_row Yes/No",
		},
		{
			app: "HubSpot", event: "Create Contact", action: true,
			fields: "email* text, first_name text, last_name text, lifecycle_stage lead/customer/subscriber, list dynamic()",
		},
		{
			app: "Slack", event: "Send Channel Message", action: true,
			fields: "channel* dynamic(), text* text, notify here/channel/none",
		},
		{app: "Typeform", event: "New Entry", fields: "form* dynamic()"},
		{
			app: "Mailchimp", event: "Add Subscriber", action: true,
			fields: "list* dynamic(), email* text, status subscribed/pending, first_name text, last_name text, group dynamic(list)",
		},
		{app: "Schedule by Connect", event: "Every Hour", fields: "minute* 00/15/30/45"},
		{
			app: "Webhooks", event: "Send Webhook", action: true,
			fields: "url* text, method GET/POST/PUT, payload text, signing_secret secret",
		},
	} {
		t.Run(want.app, func(t *testing.T) {
			t.Parallel()
			events := c.Triggers(mustApp(t, c, want.app).ID)
			if want.action {
				events = c.Actions(mustApp(t, c, want.app).ID)
			}
			if got := describe(mustEvent(t, events, want.event)); got != want.fields {
				t.Errorf("%s\n got %s\nwant %s", want.event, got, want.fields)
			}
		})
	}
}

func describe(e Event) string {
	var all []string
	for _, field := range e.Fields {
		text := field.Key
		if field.Required {
			text += "*"
		}
		switch {
		case field.Secret:
			text += " secret"
		case field.Dynamic:
			text += " dynamic(" + strings.Join(field.DependsOn, ",") + ")"
		case field.Type == TypeString:
			text += " text"
		default:
			var values []string
			for _, choice := range field.Choices {
				values = append(values, choice.Value)
			}
			text += " " + strings.Join(values, "/")
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestFixedPoints_matches(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	for _, want := range []struct{ title, steps string }{
		{"Add new Google Sheets rows to HubSpot as contacts", "google-sheets/New Spreadsheet Row > hubspot/Create Contact"},
		{"Send Slack messages for new Typeform entries", "typeform/New Entry > slack/Send Channel Message"},
		{"Post new Typeform entries to a webhook", "typeform/New Entry > webhooks/Send Webhook"},
		{
			"Add new Typeform entries to Mailchimp and tell Slack",
			"typeform/New Entry > mailchimp/Add Subscriber > slack/Send Channel Message",
		},
		{"Call a webhook every hour", "schedule-by-connect/Every Hour > webhooks/Send Webhook"},
	} {
		t.Run(want.title, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(c.Matches(), func(m PopularMatch) bool { return m.Title == want.title })
			if i < 0 {
				t.Fatal("no such popular match")
			}
			match := c.Matches()[i]
			trigger, _ := c.Trigger(match.Trigger.EventID)
			steps := []string{stepName(t, c, match.Trigger, trigger)}
			for _, step := range match.Actions {
				action, _ := c.Action(step.EventID)
				steps = append(steps, stepName(t, c, step, action))
			}
			if got := strings.Join(steps, " > "); got != want.steps {
				t.Errorf("got %s, want %s", got, want.steps)
			}
		})
	}
}

func stepName(t *testing.T, c *Catalog, step MatchStep, event *Event) string {
	t.Helper()
	app, ok := c.App(step.AppID)
	if !ok || event == nil {
		t.Fatalf("step %+v leads nowhere", step)
	}
	return app.SeoLink + "/" + event.Name
}

func TestFixedPoints_no_account_needed(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	for _, name := range []string{"Schedule by Connect", "Webhooks"} {
		if app := mustApp(t, c, name); app.AuthType != "" {
			t.Errorf("%s needs an account", name)
		}
	}
	for _, name := range []string{"Google Sheets", "HubSpot", "Slack", "Typeform", "Mailchimp"} {
		app := mustApp(t, c, name)
		if !slices.ContainsFunc(c.Accounts(), func(a Account) bool { return a.AppID == app.ID && a.Status == StatusActive }) {
			t.Errorf("%s has no active account", name)
		}
	}
}

// Looking a popular match up by its two apps must be ambiguous somewhere, or nobody tests that case.
func TestFixedPoints_same_apps_two_titles(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	sheets, hubspot := mustApp(t, c, "Google Sheets"), mustApp(t, c, "HubSpot")
	found := 0
	for _, match := range c.Matches() {
		if match.Trigger.AppID == sheets.ID && len(match.Actions) == 1 && match.Actions[0].AppID == hubspot.ID {
			found++
		}
	}
	if found < 2 {
		t.Errorf("got %d popular matches from Google Sheets to HubSpot, want several", found)
	}
}
