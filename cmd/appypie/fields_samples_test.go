package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// sampled is a bench with a connect that can be tested.
func sampled(t *testing.T) (*bench, string) {
	t.Helper()
	b := knowing(t)
	made := b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.SheetsToHubSpot), "Leads to the CRM")
	if err := b.env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = b.env.AccountID(t, "Google Sheets"), map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
		c.Actions[0].AccountID, c.Actions[0].Options = b.env.AccountID(t, "HubSpot"), map[string]string{"email": "{{column2}}"}
	}); err != nil {
		t.Fatal(err)
	}
	return b, made.ID
}

// TestSamplesOfAConnect: before a test nothing is known and said so; after it the
// keys and the values are shown, and no test is run for that.
func TestSamplesOfAConnect(t *testing.T) {
	t.Parallel()
	b, id := sampled(t)
	r := b.must("fields", "--connect", "leads to", "--samples")
	if strings.Contains(r.out, "{{") || !strings.Contains(r.out, "worksheet") || !strings.Contains(r.notices, "No values that options can use are known") {
		t.Errorf("of a connect that was never tested:\n%s%s", r.out, r.notices)
	}
	if _, err := b.env.Client(t).Apply(t.Context(), id, nil, connectapi.Change{Test: true}); err != nil {
		t.Fatal(err)
	}
	tests := len(b.env.Requests("run_test"))
	r = b.must("fields", "--connect", id, "--samples")
	for _, want := range []string{"Leads to the CRM (" + id + ")", "{{column2}}", "Email", "ada@example.com", "{{id}}"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it lacks %q:\n%s", want, r.out)
		}
	}
	if !strings.Contains(r.notices, "appypie export "+id) {
		t.Errorf("the next step is %q", r.notices)
	}
	if r := b.must("fields", "--connect", id); strings.Contains(r.out, "{{column2}}") {
		t.Errorf("samples are shown without being asked for:\n%s", r.out)
	}
	view := jsonOf[fieldsJSON](b, "fields", "--connect", id, "--samples")
	if view.ConnectID != id || view.TestedAt == "" || !slices.Contains(view.Steps[0].Samples, sampleJSON{Key: "column2", Label: "Email", Value: "ada@example.com"}) {
		t.Errorf("got %+v", view)
	}
	if got := len(b.env.Requests("run_test")); got != tests {
		t.Errorf("showing samples ran %d tests", got-tests)
	}
}

// TestSamplesOfAMatch: without a connect the service may list the keys.
func TestSamplesOfAMatch(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	r := b.must("fields", acctest.TypeformToWebhook, "--samples")
	if !strings.Contains(r.out, "{{email}}") || strings.Contains(r.out, "ada@example.com") {
		t.Errorf("got:\n%s", r.out)
	}
	if !strings.Contains(r.out, "one of: GET, POST, PUT (the editor fills in POST)") {
		t.Errorf("it does not say what the editor fills in:\n%s", r.out)
	}
}

func TestFieldsOfWhat(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for _, args := range [][]string{
		{"fields"}, {"fields", "a match", "--connect", "Hourly heartbeat"}, {"fields", "--connect", "Hourly heartbeat", "--trigger", "x"},
	} {
		if r := b.run(args...); exitCode(r.err) != exitUsage {
			t.Errorf("%q ended with %v", args, r.err)
		}
	}
	if r := b.run("fields", "--connect", "Hourly heartbaet"); r.err == nil || !strings.Contains(r.err.Error(), `"Hourly heartbeat"`) {
		t.Errorf("got %v", r.err)
	}
}
