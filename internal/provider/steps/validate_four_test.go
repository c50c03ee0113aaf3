package steps_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// fourOf is the trigger and the action of one connect as resources of their own. The
// connect was tested, and its trigger is as the first configuration says.
func fourOf(t *testing.T, env *acctest.Env) (trigger, action target) {
	t.Helper()
	action = contactAction(t, env)
	test(t, env, action.id)
	trigger = target{typeName: triggerType, env: env, id: action.id, config: map[string]any{
		"connect_id": action.id, "account_id": env.AccountID(t, "Google Sheets"),
		"options": map[string]any{"spreadsheet": choice(t, env, action.connect(t).Trigger, "spreadsheet", "Leads 2026")},
	}}
	return trigger, action.with(map[string]any{"options": map[string]any{"email": "{{colum2}}"}})
}

// TestReferencesBesideTriggerOptions: with the trigger in a resource of its own, a
// plan knows what the last test brought, and not always whether that still counts.
func TestReferencesBesideTriggerOptions(t *testing.T) {
	t.Parallel()
	const hedge = "If this plan also changes an earlier step"
	for name, tc := range map[string]struct {
		// before plans other resources in the same run, ahead of the action.
		before func(t *testing.T, driver *acctest.Driver, trigger target)
		warns  bool
		hedged bool
	}{
		"the trigger is not planned yet, or not managed": {func(*testing.T, *acctest.Driver, target) {}, true, true},
		"the trigger stays": {func(t *testing.T, driver *acctest.Driver, trigger target) {
			t.Helper()
			held, diags := trigger.env.Driver(t).Create(t.Context(), triggerType, trigger.config)
			must(t, diags)
			_, diags = driver.Plan(t.Context(), held, trigger.config)
			must(t, diags)
		}, true, false},
		"the trigger is changed": {func(t *testing.T, driver *acctest.Driver, trigger target) {
			t.Helper()
			_, diags := driver.Plan(t.Context(), driver.Absent(triggerType), trigger.config)
			must(t, diags)
		}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			trigger, action := fourOf(t, env)
			driver := env.Driver(t).SamePhase()
			tc.before(t, driver, trigger)
			_, diags := driver.Plan(t.Context(), driver.Absent(actionType), action.config)
			found := references(t, diags)
			if len(found) > 0 != tc.warns || len(found) > 1 {
				t.Fatalf("warnings: %v", found)
			}
			if tc.warns && strings.Contains(found[0].Detail, hedge) != tc.hedged {
				t.Errorf("the warning is %s", found[0].Detail)
			}
		})
	}
}

// TestChoicesOfOptionsResources: the selections of a step in a resource of its own
// are held to the choices of its account, with the parents that the service has.
func TestChoicesOfOptionsResources(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		of      func(*testing.T, *acctest.Env) target
		options map[string]any
		path    string
	}{
		"trigger": {sheetsTrigger, map[string]any{"spreadsheet": "x91", "worksheet": "x92"}, `options["spreadsheet"]`},
		"action":  {subscriberAction, map[string]any{"email": "{{email}}", "list": "x91"}, `options["list"]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := tc.of(t, env).with(map[string]any{"options": tc.options})
			driver := env.Driver(t)
			_, diags := driver.Plan(t.Context(), driver.Absent(g.typeName), g.config)
			if len(diags) != 1 || diags.HasError() || diags[0].Summary != "The value is not a choice" || diags[0].Path != tc.path {
				t.Errorf("want one warning at %s, got:\n%s", tc.path, diags)
			}
		})
	}
}

// subscriberAction is the first of two actions of a connect.
func subscriberAction(t *testing.T, env *acctest.Env) target {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "Entries")
	return target{typeName: actionType, env: env, id: made.ID, config: map[string]any{
		"connect_id": made.ID, "position": 1, "account_id": env.AccountID(t, "Mailchimp"),
	}}
}
