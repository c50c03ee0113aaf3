package connect_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const twice = "Managed in two places"

// managed is a resource as it stands in a state and in a configuration.
type managed struct {
	prior  *acctest.Resource
	config map[string]any
}

// conflictWorld has a connect in the state of Terraform, and makes resources
// around it.
type conflictWorld struct {
	fixture

	driver *acctest.Driver
	made   *acctest.Resource
}

func newConflictWorld(t *testing.T) conflictWorld {
	t.Helper()
	w := conflictWorld{fixture: fixture{t: t, env: dataEnv(t)}}
	w.driver = w.env.Driver(t)

	made, diags := w.driver.Create(t.Context(), "appypie_connect", w.leads())
	must(t, diags)
	w.made = made
	return w
}

// connect is the connect with changes to its configuration.
func (w conflictWorld) connect(changes map[string]any) managed {
	return managed{w.made, with(w.leads(), changes)}
}

// part is a resource of its own for a part of the connect, not yet created.
func (w conflictWorld) part(typeName string, config map[string]any) managed {
	return managed{w.driver.Absent(typeName), with(config, map[string]any{"connect_id": w.made.ID()})}
}

func (w conflictWorld) triggerOptions(options map[string]any) managed {
	return w.part("appypie_trigger_options", w.trigger(options))
}

func (w conflictWorld) actionOptions(changes map[string]any) managed {
	return w.part("appypie_action_options", with(map[string]any{"options": map[string]any{"email": "{{column3}}"}}, changes))
}

func (w conflictWorld) activation(changes map[string]any) managed {
	return w.part("appypie_connect_activation", with(map[string]any{}, changes))
}

// planned plans resources in their order as one run, and returns the errors.
func (w conflictWorld) planned(order []managed) acctest.Diagnostics {
	w.t.Helper()
	phase := w.env.Driver(w.t).SamePhase()
	var all acctest.Diagnostics
	for _, one := range order {
		_, diags := phase.Plan(w.t.Context(), one.prior, one.config)
		all = append(all, diags.Errors()...)
	}
	return all
}

func sheet(name string) map[string]any {
	return map[string]any{"spreadsheet": name, "worksheet": "Inbound"}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	const (
		inline     = "of an appypie_connect"
		trigger    = "appypie_trigger_options"
		action     = "appypie_action_options"
		activation = "appypie_connect_activation"
	)

	for name, tc := range map[string]struct {
		resources func(conflictWorld) []managed
		// names are what the one error names in either order; none for no error.
		names []string
	}{
		"the trigger": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.triggerOptions(sheet("Orders 2026"))}
		}, []string{"trigger " + inline, trigger}},
		"the trigger, although both say the same": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.triggerOptions(sheet("Leads 2026"))}
		}, []string{"trigger " + inline, trigger}},
		"the sole action": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.actionOptions(nil)}
		}, []string{"actions[0] " + inline, action}},
		"an action by its position": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.actionOptions(map[string]any{"position": 1})}
		}, []string{"actions[0] " + inline, action}},
		"the switch": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.activation(nil)}
		}, []string{"enabled " + inline, activation}},
		"the trigger twice": {func(w conflictWorld) []managed {
			return []managed{w.triggerOptions(sheet("Leads 2026")), w.triggerOptions(sheet("Orders 2026"))}
		}, []string{"an " + trigger, "another " + trigger}},
		"the action twice": {func(w conflictWorld) []managed {
			return []managed{w.actionOptions(nil), w.actionOptions(map[string]any{"position": 1})}
		}, []string{"an " + action, "another " + action}},
		"the switch twice": {func(w conflictWorld) []managed {
			return []managed{w.activation(map[string]any{"enabled": true}), w.activation(map[string]any{"enabled": false})}
		}, []string{"an " + activation, "another " + activation}},

		"each part in one place": {func(w conflictWorld) []managed {
			return []managed{
				w.connect(map[string]any{"trigger": nil, "actions": nil, "enabled": nil}),
				w.triggerOptions(sheet("Orders 2026")), w.actionOptions(nil), w.activation(nil),
			}
		}, nil},
		"the trigger moves out": {func(w conflictWorld) []managed {
			return []managed{w.connect(map[string]any{"trigger": nil}), w.triggerOptions(sheet("Orders 2026"))}
		}, nil},
		"a trigger that manages nothing": {func(w conflictWorld) []managed {
			return []managed{w.connect(map[string]any{"trigger": map[string]any{}}), w.triggerOptions(sheet("Orders 2026"))}
		}, nil},
		"options that manage nothing": {func(w conflictWorld) []managed {
			return []managed{w.connect(nil), w.part(trigger, map[string]any{})}
		}, nil},
		"what is not known yet": {func(w conflictWorld) []managed {
			unknown := map[string]any{"account_id": acctest.Unknown, "options": acctest.Unknown}
			return []managed{w.connect(map[string]any{"trigger": unknown, "enabled": acctest.Unknown}), w.triggerOptions(sheet("Orders 2026")), w.activation(nil)}
		}, nil},
		"a connect that is not known yet": {func(w conflictWorld) []managed {
			options := w.triggerOptions(sheet("Orders 2026"))
			options.config["connect_id"] = acctest.Unknown
			return []managed{w.connect(nil), options}
		}, nil},
		"one resource, planned again": {func(w conflictWorld) []managed {
			connect := w.connect(map[string]any{"enabled": nil})
			return []managed{connect, connect, w.activation(nil), w.activation(nil)}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newConflictWorld(t)
			order := tc.resources(w)

			expectConflict(t, w.planned(order), tc.names)
			slices.Reverse(order)
			expectConflict(t, w.planned(order), tc.names)
		})
	}
}

func expectConflict(t *testing.T, errors acctest.Diagnostics, names []string) {
	t.Helper()
	if len(names) == 0 {
		if len(errors) > 0 {
			t.Errorf("no conflict, but:\n%s", errors)
		}
		return
	}
	if len(errors) != 1 || errors[0].Summary != twice || errors[0].Path == "" {
		t.Fatalf("want one conflict at an attribute, got:\n%s", errors)
	}
	for _, name := range names {
		if !strings.Contains(errors[0].Detail, name) {
			t.Errorf("the error does not name %q: %s", name, errors[0].Detail)
		}
	}
}

// TestConflictOfActionsIsByStep: one action inline and the other in a resource
// of its own is no conflict.
func TestConflictOfActionsIsByStep(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	mailchimp := map[string]any{"account_id": env.AccountID(t, "Mailchimp"), "options": map[string]any{"list": "News", "email": "{{email}}"}}
	config := map[string]any{"name": "Two", "popular_match_id": env.MatchID(t, acctest.TypeformToMailchimpAndSlack)}
	driver := env.Driver(t)

	made, diags := driver.Create(t.Context(), "appypie_connect", config)
	must(t, diags)
	config["actions"] = []any{mailchimp, map[string]any{}}

	for position, conflict := range map[int]bool{1: true, 2: false} {
		phase := env.Driver(t).SamePhase()
		_, diags := phase.Plan(t.Context(), made, config)
		must(t, diags)
		_, diags = phase.Plan(t.Context(), driver.Absent("appypie_action_options"), map[string]any{
			"connect_id": made.ID(), "position": position, "options": map[string]any{"text": "hi"},
		})
		if found := slices.ContainsFunc(diags, func(d acctest.Diagnostic) bool { return d.Summary == twice }); found != conflict {
			t.Errorf("action %d: a conflict: %t, want %t\n%s", position, found, conflict, diags)
		}
	}
}

// TestConflictOfAReplacement: a resource that is replaced is planned twice, the
// second time as if there were nothing.
func TestConflictOfAReplacement(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	driver := env.Driver(t)
	first, second := webMade(t, env, acctest.SheetsToHubSpot, "A"), webMade(t, env, acctest.SheetsToHubSpot, "B")
	options := with(trigger(t, env, sheet("Leads 2026")), map[string]any{"connect_id": first.ID})

	made, diags := driver.Create(t.Context(), "appypie_trigger_options", options)
	must(t, diags)
	phase := env.Driver(t).SamePhase()

	plan, diags := phase.Plan(t.Context(), made, with(options, map[string]any{"connect_id": second.ID}))
	must(t, diags)
	if plan.Action != acctest.Replace {
		t.Errorf("the plan is %s", plan.Action)
	}
}

// TestAccConflict: on creation the id of the connect is not known in the plan.
// The conflict then ends the apply before the second resource writes anything.
func TestAccConflict(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	const apps = `
		data "appypie_app" "sheets" { name = "Google Sheets" }
		data "appypie_connected_account" "sheets" {
		  app_id = data.appypie_app.sheets.id
		  name   = "sales@example.com"
		}`

	inline := apps + `
		resource "appypie_connect" "leads" {
		  name             = "Leads"
		  popular_match_id = "` + env.MatchID(t, acctest.SheetsToHubSpot) + `"
		  trigger = {
		    account_id = data.appypie_connected_account.sheets.id
		    options    = { spreadsheet = "Leads 2026", worksheet = "Inbound" }
		  }
		}`
	both := inline + `
		resource "appypie_trigger_options" "leads" {
		  connect_id = appypie_connect.leads.id
		  account_id = data.appypie_connected_account.sheets.id
		  options    = { spreadsheet = "Orders 2026", worksheet = "Wholesale" }
		}`
	conflict := regexp.MustCompile(`(?s)Managed in two places.*appypie_trigger_options.*trigger\s+of\s+an\s+appypie_connect`)
	env.Test(t,
		resource.TestStep{Config: env.Config(both), ExpectError: conflict},
		resource.TestStep{Config: env.Config(both), ExpectError: regexp.MustCompile(twice), PlanOnly: true},
		resource.TestStep{Config: env.Config(inline)})
	if edits := env.Requests("edit_trigger_options"); len(edits) != 1 {
		t.Errorf("the trigger was written %d times, want once", len(edits))
	}
}
