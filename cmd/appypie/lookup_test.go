package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// knowing is a bench that is logged in and has two connects.
func knowing(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.login("work")
	b.vars["APPYPIE_PROFILE"] = "work"
	id := b.env.MatchID(t, acctest.ScheduleToWebhook)
	for _, name := range []string{"Hourly heartbeat", "Nightly report"} {
		b.env.Sim.CreateConnect(id, name)
	}
	return b
}

// jsonOf is the outcome of a command with --json.
func jsonOf[T any](b *bench, args ...string) T {
	b.t.Helper()
	r := b.must(append(args, "--json")...)
	if strings.Contains(r.notices, "Next:") {
		b.t.Errorf("a program is told what to do next: %s", r.notices)
	}
	var value T
	if err := json.Unmarshal([]byte(r.out), &value); err != nil {
		b.t.Fatalf("%v\n%s", err, r.out)
	}
	return value
}

func TestFinder(t *testing.T) {
	t.Parallel()
	var apps []connectapi.App
	for id, name := range []string{"Google Sheets", "Google Sheets (Beta)", "Google Forms", "google forms", "Slack", "slack", "SLACK", "Zoho CRM", "Trello"} {
		apps = append(apps, connectapi.App{ID: string(rune('a' + id)), Name: name, SeoLink: strings.ToLower(strings.ReplaceAll(name, " ", "-"))})
	}
	for wanted, want := range map[string]string{
		"Google Sheets": "a", "google sheets": "a", "GOOGLE SHEETS (BETA)": "b", "Google Forms": "c", "google forms": "d",
		"Slack": "e", "slack": "f", "SLACK": "g", "SlacK": "3 apps are called", "h": "h", "zoho": "h", "crm": "h", "tre": "i",
		"google s": "did you mean Google Sheets (a), Google Sheets (Beta) (b)?", "trelo": "did you mean Trello (i)?",
		"gogle": "did you mean Google Sheets (a), Google Sheets (Beta) (b)", "": "none of the 9 apps", "xxxxxx": "none of the 9 apps",
	} {
		got, err := appFinder().one(apps, wanted)
		if err == nil && got.ID != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v; want %s", wanted, got.ID, err, want)
		}
	}
	if _, err := appFinder().one(nil, "x"); err == nil || !strings.Contains(err.Error(), "there is none") {
		t.Errorf("no app at all: %v", err)
	}
}

func TestListings(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	sheets, slug := b.app("Google Sheets")
	tests := map[string]struct {
		args         []string
		shows, hides []string
		next         string
	}{
		"apps":               {args: []string{"apps"}, shows: []string{"Slack", sheets, "Spreadsheets"}, next: "appypie matches"},
		"apps of a text":     {args: []string{"apps", "SHEETS"}, shows: []string{"Google Sheets"}, hides: []string{"Slack"}, next: "appypie matches"},
		"matches":            {args: []string{"matches", "schedule", "Webhooks"}, shows: []string{"Call a webhook every hour", "Every Hour", "Send Webhook, Send Webhook"}, next: "appypie scaffold"},
		"matches by ids":     {args: []string{"matches", sheets, "hubspot"}, shows: []string{"Create HubSpot deals"}, next: "appypie fields"},
		"matches by slug":    {args: []string{"matches", slug, "hubspot"}, shows: []string{"Create HubSpot deals"}, next: "appypie fields"},
		"fields":             {args: []string{"fields", "Call a webhook every hour"}, shows: []string{"minute", "Minute", "yes", "one of: 00, 15, 30, 45", "signing_secret"}, next: "appypie scaffold"},
		"fields of two apps": {args: []string{"fields", "schedule", "webhooks", "--trigger", "every day"}, shows: []string{"Europe/Berlin (Berlin)", "depends on time_zone"}, next: "appypie scaffold"},
		"fields with a value": {
			args:  []string{"fields", "schedule", "webhooks", "--trigger", "every day", "--option", "time_zone=UTC"},
			shows: []string{"08:00 (Morning in UTC)"}, next: "appypie scaffold",
		},
		"fields with an account": {
			args:  []string{"fields", "google sheets", "hubspot", "--action", "create deal", "--account", "sales@example.com"},
			shows: []string{"(Orders 2026)"}, next: "appypie scaffold",
		},
		"fields without an account": {args: []string{"fields", "google sheets", "hubspot", "--action", "create deal"}, shows: []string{"give --account"}, hides: []string{"Leads 2026"}, next: "appypie scaffold"},
		"fields of all actions":     {args: []string{"fields", "schedule", "webhooks", "--trigger", "every week"}, shows: []string{"Action 2"}, next: "appypie scaffold"},
		"accounts of an app":        {args: []string{"accounts", "--app", "stripe"}, shows: []string{"Stripe live", "active"}, hides: []string{"Slack"}, next: "accounts connect"},
		"all accounts":              {args: []string{"accounts"}, shows: []string{"Stripe live", "Acme workspace"}, next: "accounts connect"},
		"connects":                  {args: []string{"connects"}, shows: []string{"Nightly report", "OFF", "Schedule by Connect: Every Hour → Webhooks: Send Webhook"}, next: "appypie export"},
		"connects of a text":        {args: []string{"connects", "nightly"}, shows: []string{"Nightly report"}, hides: []string{"Hourly heartbeat"}, next: "appypie export"},
		"connects of an app":        {args: []string{"connects", "webhook"}, shows: []string{"Nightly report", "Hourly heartbeat"}, next: "appypie export"},
		"version":                   {args: []string{"version"}, shows: []string{"appypie " + version}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := b.must(test.args...)
			for _, want := range test.shows {
				if !strings.Contains(r.out, want) {
					t.Errorf("it lacks %q:\n%s", want, r.out)
				}
			}
			for _, not := range test.hides {
				if strings.Contains(r.out, not) {
					t.Errorf("it shows %q:\n%s", not, r.out)
				}
			}
			lines := strings.Split(strings.TrimSpace(r.notices), "\n")
			if last := lines[len(lines)-1]; test.next != "" && (!strings.HasPrefix(last, "Next: ") || !strings.Contains(last, test.next)) {
				t.Errorf("the next step is %q, want one with %q", last, test.next)
			}
			b.silent(r)
		})
	}
}

func TestListingsForPrograms(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	apps := jsonOf[[]appJSON](b, "apps", "webhooks")
	if len(apps) != 1 || apps[0].Slug != "webhooks" || apps[0].AuthType != "" || !slices.Equal(apps[0].Categories, []string{"Built-in Tools", "Developer Tools"}) {
		t.Errorf("apps %+v", apps)
	}
	matches := jsonOf[[]matchJSON](b, "matches", "schedule", "webhooks")
	if len(matches) != 3 || matches[0].Trigger.Event != "Every Hour" || matches[0].Actions[0].App != "Webhooks" {
		t.Errorf("matches %+v", matches)
	}
	fields := jsonOf[fieldsJSON](b, "fields", matches[0].ID)
	if len(fields.Steps) != 2 || fields.Steps[0].Kind != "trigger" || len(fields.Steps[0].Fields[0].Choices) != 4 || !fields.Steps[1].Fields[0].Required {
		t.Errorf("fields %+v", fields)
	}
	connects := jsonOf[[]connectJSON](b, "connects", "nightly")
	if len(connects) != 1 || connects[0].On || connects[0].PopularMatchID != matches[0].ID {
		t.Errorf("connects %+v", connects)
	}
	if accounts := jsonOf[[]accountJSON](b, "accounts", "--app", "stripe"); len(accounts) != 2 || accounts[0].AppName != "Stripe" {
		t.Errorf("accounts %+v", accounts)
	}
	if entries := jsonOf[[]historyJSON](b, "history"); len(entries) != 0 {
		t.Errorf("history %+v", entries)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for _, connect := range b.env.Sim.Connects() {
		for _, status := range []string{simulator.StatusOn, simulator.StatusOff} {
			if err := b.env.Sim.Edit(connect.ID, func(c *simulator.Connect) { c.Status = status }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if all := jsonOf[[]historyJSON](b, "history"); len(all) != 4 {
		t.Errorf("all: %+v", all)
	}
	one := jsonOf[[]historyJSON](b, "history", "nightly", "--limit", "1")
	if len(one) != 1 || one[0].Connect != "Nightly report" || one[0].Message != "Turned off" {
		t.Errorf("one: %+v", one)
	}
	if r := b.must("history", "Nightly report"); !strings.Contains(r.out, "Turned on") || !strings.Contains(r.notices, "Next: ") {
		t.Errorf("printed\n%s%s", r.out, r.notices)
	}
}

func TestNamesThatAreWrong(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Nightly report")
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"an app that nothing is like": {args: []string{"apps", "qqqqq"}, code: exitFailure, want: "appypie apps lists all apps"},
		"a misspelled app":            {args: []string{"apps", "slakc"}, code: exitFailure, want: "did you mean Slack"},
		"a misspelled trigger app":    {args: []string{"matches", "gogle sheets", "slack"}, code: exitFailure, want: "did you mean Google Sheets"},
		"several action apps":         {args: []string{"matches", "slack", "google"}, code: exitFailure, want: "did you mean Google Calendar"},
		"apps that nothing joins":     {args: []string{"matches", "schedule", "stripe"}, code: exitFailure, want: "with actions of Gmail, Slack, Trello, Webhooks"},
		"one app":                     {args: []string{"matches", "schedule"}, code: exitUsage, want: "wrong number of arguments for: appypie matches TRIGGER-APP ACTION-APP"},
		"several matches":             {args: []string{"fields", "schedule", "webhooks"}, code: exitFailure, want: `--trigger "Every Day" --action "Send Webhook"`},
		"a misspelled trigger":        {args: []string{"fields", "schedule", "webhooks", "--trigger", "Evry Hour"}, code: exitFailure, want: `did you mean "Every Hour"`},
		"a misspelled action":         {args: []string{"fields", "schedule", "webhooks", "--action", "Send Webhok"}, code: exitFailure, want: `did you mean "Send Webhook"`},
		"a misspelled title":          {args: []string{"fields", "Call a webhok every hour"}, code: exitFailure, want: `did you mean "Call a webhook every hour"`},
		"an id that nothing has":      {args: []string{"fields", "ffffffffffffffffffffffff"}, code: exitFailure, want: "appypie matches"},
		"a trigger of one match":      {args: []string{"fields", "Call a webhook every hour", "--trigger", "x"}, code: exitUsage, want: "--trigger"},
		"an option that is no pair":   {args: []string{"fields", "x", "--option", "y"}, code: exitUsage, want: "KEY=VALUE"},
		"an account that nothing has": {args: []string{"fields", "google sheets", "hubspot", "--action", "create deal", "--account", "sale@example.com"}, code: exitFailure, want: `did you mean "sales@example.com" of Google Sheets`},
		"an account of a lonely app":  {args: []string{"fields", "Call a webhook every hour", "--account", "x"}, code: exitFailure, want: "there is none"},
		"a connect that is like one":  {args: []string{"connects", "nihgtly"}, code: exitFailure, want: `did you mean "Nightly report"`},
		"a connect that is like none": {args: []string{"connects", "qqqqq"}, code: exitFailure, want: "none of the 3 connects"},
		"a history of several":        {args: []string{"history", "Nightly report"}, code: exitFailure, want: "2 connects are called"},
		"a history of a misspelled":   {args: []string{"history", "hourly hartbeat"}, code: exitFailure, want: `did you mean "Hourly heartbeat"`},
		"a history of nothing":        {args: []string{"history", "--limit", "0"}, code: exitUsage, want: "--limit"},
		"accounts without a login":    {args: []string{"accounts", "--profile", "other"}, code: exitFailure, want: "appypie login --profile other"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := b.run(test.args...)
			b.fails(r, test.code, test.want)
			if r.out != "" {
				t.Errorf("printed %q", r.out)
			}
		})
	}
}
