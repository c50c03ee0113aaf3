package connect_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// leads is a connect in the one-block form whose every step needs an account.
func leads(t *testing.T, env *acctest.Env) map[string]any {
	t.Helper()
	return map[string]any{
		"name":             "Leads",
		"popular_match_id": env.MatchID(t, acctest.SheetsToHubSpot),
		"enabled":          true,
		"trigger": map[string]any{
			"account_id": env.AccountID(t, "Google Sheets"),
			"options":    map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"},
		},
		"actions": []any{map[string]any{
			"account_id": env.AccountID(t, "HubSpot"),
			"options":    map[string]any{"email": "{{column2}}"},
		}},
	}
}

// with returns a copy of a configuration with some attributes replaced; nil
// removes one.
func with(config map[string]any, changes map[string]any) map[string]any {
	result := maps.Clone(config)
	for name, value := range changes {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = value
		}
	}
	return result
}

// trigger is a trigger block with other options.
func trigger(t *testing.T, env *acctest.Env, options map[string]any) map[string]any {
	t.Helper()
	return map[string]any{"account_id": env.AccountID(t, "Google Sheets"), "options": options}
}

// fixture makes configurations for one environment.
type fixture struct {
	t   *testing.T
	env *acctest.Env
}

func (f fixture) leads() map[string]any { return leads(f.t, f.env) }

func (f fixture) trigger(options map[string]any) map[string]any {
	return trigger(f.t, f.env, options)
}

func must(t *testing.T, diags acctest.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Fatalf("unexpected errors:\n%s", diags)
	}
}

func sole(t *testing.T, env *acctest.Env) simulator.Connect {
	t.Helper()
	connects := env.Sim.Connects()
	if len(connects) != 1 {
		t.Fatalf("the service holds %d connects, want 1", len(connects))
	}
	return connects[0]
}

func TestConnectOrder(t *testing.T) {
	t.Parallel()
	const (
		create      = "create_connect"
		editTrigger = "edit_trigger_options"
		editAction  = "edit_action_options"
		test        = "run_test"
		on          = "turn_on_connect"
		off         = "turn_off_connect"
		rename      = "update_connect_name"
		remove      = "delete_connect"
	)
	otherOptions := map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}

	tests := map[string]struct {
		// before is the configuration applied first; nil means the connect is new.
		before, after func(f fixture) map[string]any
		want          []string
	}{
		"create on": {
			after: fixture.leads,
			want:  []string{create, editTrigger, editAction, on},
		},
		"create on and tested": {
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"run_test": true})
			},
			want: []string{create, editTrigger, editAction, test, on},
		},
		"create without a managed switch": {
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"enabled": nil})
			},
			want: []string{create, editTrigger, editAction},
		},
		"create without steps": {
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"enabled": nil, "trigger": nil, "actions": nil})
			},
			want: []string{create},
		},
		"update of a live trigger pauses": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"trigger": f.trigger(otherOptions)})
			},
			want: []string{off, editTrigger, on},
		},
		"update with a test tests before turning on": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"run_test": true, "trigger": f.trigger(otherOptions)})
			},
			want: []string{off, editTrigger, test, on},
		},
		"update without a pause": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"pause_during_update": false, "trigger": f.trigger(otherOptions)})
			},
			want: []string{editTrigger},
		},
		"update of a live connect whose switch is not managed": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"enabled": nil, "trigger": f.trigger(otherOptions)})
			},
			want: []string{off, editTrigger, on},
		},
		"rename does not pause": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"name": "Leads of 2026"})
			},
			want: []string{rename},
		},
		"turn off sends false": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"enabled": false})
			},
			want: []string{off},
		},
		"turn off and edit stays off": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"enabled": false, "trigger": f.trigger(otherOptions)})
			},
			want: []string{off, editTrigger},
		},
		"leaving the steps out writes nothing": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"trigger": nil, "actions": nil})
			},
			want: []string{},
		},
		"destroy turns off first": {
			before: fixture.leads,
			want:   []string{off, remove},
		},
		"destroy that leaves it off": {
			before: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"deletion_policy": "turn_off"})
			},
			want: []string{off},
		},
		"destroy that leaves it": {
			before: func(f fixture) map[string]any {
				return with(f.leads(), map[string]any{"deletion_policy": "retain"})
			},
			want: []string{},
		},
		"another popular match replaces": {
			before: fixture.leads,
			after: func(f fixture) map[string]any {
				return map[string]any{
					"name": "Hourly", "popular_match_id": f.env.MatchID(f.t, acctest.ScheduleToWebhook), "enabled": true,
					"trigger": map[string]any{"options": map[string]any{"minute": "15"}},
					"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook"}}},
				}
			},
			want: []string{off, remove, create, editTrigger, editAction, on},
		},
	}

	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := env.Driver(t)
			current := driver.Absent("appypie_connect")
			if tc.before != nil {
				var diags acctest.Diagnostics
				current, diags = driver.Create(t.Context(), "appypie_connect", tc.before(fixture{t, env}))
				must(t, diags)
			}
			env.ResetJournal()

			if tc.after == nil {
				_, diags := driver.Destroy(t.Context(), current)
				must(t, diags)
			} else {
				config := tc.after(fixture{t, env})
				after, diags := driver.Converge(t.Context(), current, config)
				must(t, diags)

				writes := env.Writes()
				driver.MustPlanNothing(t.Context(), after, config)
				if len(env.Writes()) != len(writes) {
					t.Errorf("refreshing and planning wrote: %v", env.Writes()[len(writes):])
				}
			}
			if diff := cmp.Diff(tc.want, env.Writes()); diff != "" {
				t.Errorf("calls that write (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnectEditsActionsInStepOrder(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	config := map[string]any{
		"name": "Entries", "popular_match_id": env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "enabled": true,
		"trigger": map[string]any{"account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": "Contact"}},
		"actions": []any{
			map[string]any{"account_id": env.AccountID(t, "Mailchimp"), "options": map[string]any{"list": "Newsletter", "email": "{{email}}"}},
			map[string]any{"account_id": env.AccountID(t, "Slack"), "options": map[string]any{"channel": "#leads", "text": "{{email}}"}},
		},
	}

	_, diags := driver.Create(t.Context(), "appypie_connect", config)
	must(t, diags)
	connect := sole(t, env)

	needsContract(t, env, "its paths hold the ids of the steps")
	var edited []string
	for _, entry := range env.Requests("edit_action_options") {
		edited = append(edited, entry.Params["stepId"])
	}
	if want := []string{connect.Actions[0].StepID, connect.Actions[1].StepID}; !slices.Equal(edited, want) {
		t.Errorf("edited the actions %v, want %v", edited, want)
	}
}

func TestConnectManagesDeclaredOptionsOnly(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	config := leads(t, env)

	created, diags := driver.Create(t.Context(), "appypie_connect", config)
	must(t, diags)

	// A person adds an option and changes a managed one.
	err := env.Sim.Edit(created.ID(), func(c *simulator.Connect) {
		c.Trigger.Options["header_row"] = "Yes"
	})
	if err != nil {
		t.Fatal(err)
	}
	driver.MustPlanNothing(t.Context(), created, config)
	err = env.Sim.Edit(created.ID(), func(c *simulator.Connect) {
		c.Trigger.Options["worksheet"] = "Somewhere else"
	})
	if err != nil {
		t.Fatal(err)
	}

	repaired, diags := driver.Converge(t.Context(), created, config)
	must(t, diags)
	want := map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Yes"}
	if diff := cmp.Diff(want, sole(t, env).Trigger.Options); diff != "" {
		t.Errorf("options of the trigger (-want +got):\n%s", diff)
	}

	// A key that was managed and is no longer is cleared, once.
	config["actions"] = []any{map[string]any{
		"account_id": env.AccountID(t, "HubSpot"),
		"options":    map[string]any{"email": "{{column2}}", "first_name": "{{column1}}"},
	}}
	repaired, diags = driver.Converge(t.Context(), repaired, config)
	must(t, diags)

	config["actions"] = leads(t, env)["actions"]
	repaired, diags = driver.Converge(t.Context(), repaired, config)
	must(t, diags)
	if options := sole(t, env).Actions[0].Options; options["first_name"] != "" {
		t.Errorf("first_name is still %q", options["first_name"])
	}
	driver.MustPlanNothing(t.Context(), repaired, config)
}

func TestConnectSwitchDrift(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		enabled any
		wantOn  bool
	}{
		"managed":     {enabled: true, wantOn: true},
		"not managed": {enabled: nil, wantOn: false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := env.Driver(t)

			created, diags := driver.Create(t.Context(), "appypie_connect", leads(t, env))
			must(t, diags)
			config := with(leads(t, env), map[string]any{"enabled": tc.enabled})

			created, diags = driver.Converge(t.Context(), created, config)
			must(t, diags)
			if err := env.Sim.Edit(created.ID(), func(c *simulator.Connect) { c.Status = "OFF" }); err != nil {
				t.Fatal(err)
			}

			_, diags = driver.Converge(t.Context(), created, config)
			must(t, diags)
			if got := sole(t, env).Status == "ON"; got != tc.wantOn {
				t.Errorf("the connect is on: %v, want %v", got, tc.wantOn)
			}
		})
	}
}

func TestConnectSecrets(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = masking }))
			driver := env.Driver(t)
			secret := env.Canary("a-very-secret-signature")

			config := func(url, secret string, version any) map[string]any {
				return map[string]any{
					"name": "Hook", "popular_match_id": env.MatchID(t, acctest.TypeformToWebhook), "enabled": true,
					"trigger": map[string]any{"account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": "Contact"}},
					"actions": []any{map[string]any{
						"options":    map[string]any{"url": url},
						"secrets_wo": map[string]any{"signing_secret": secret},
					}},
					"secrets_wo_version": version,
				}
			}

			first := config("https://example.com/a", secret, 1)
			created, diags := driver.Create(t.Context(), "appypie_connect", first)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), created, first)
			if got := sole(t, env).Actions[0].Options["signing_secret"]; got != secret {
				t.Errorf("the service holds %q, want the secret", got)
			}
			if got := created.Get("actions", "0", "secrets_wo"); got != nil {
				t.Errorf("the state holds secrets: %v", got)
			}

			// Another option changes: the secret must survive the edit.
			second := config("https://example.com/b", secret, 1)
			updated, diags := driver.Converge(t.Context(), created, second)
			must(t, diags)
			if got := sole(t, env).Actions[0].Options["signing_secret"]; got != secret {
				t.Errorf("after an edit the service holds %q, want the secret", got)
			}

			// The secret changes, and its version tells.
			third := config("https://example.com/b", "another-secret", 2)
			updated, diags = driver.Converge(t.Context(), updated, third)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), updated, third)
			if got := sole(t, env).Actions[0].Options["signing_secret"]; got != "another-secret" {
				t.Errorf("after a new version the service holds %q", got)
			}
		})
	}
}

func TestConnectImport(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)

	created, diags := driver.Create(t.Context(), "appypie_connect", leads(t, env))
	must(t, diags)
	bare := with(leads(t, env), map[string]any{"enabled": nil, "trigger": nil, "actions": nil})

	for id, config := range map[string]map[string]any{
		created.ID():           leads(t, env),
		"name/Leads":           leads(t, env),
		"bare/" + created.ID(): bare,
		"bare/name/Leads":      bare,
	} {
		imported, diags := driver.Import(t.Context(), "appypie_connect", id)
		must(t, diags)
		driver.MustPlanNothing(t.Context(), imported, config)
	}

	byIdentity, diags := driver.ImportIdentity(t.Context(), "appypie_connect", map[string]any{"id": created.ID()})
	must(t, diags)
	driver.MustPlanNothing(t.Context(), byIdentity, leads(t, env))

	// Asking for tests of later changes does not test now: a test acts for real.
	env.ResetJournal()
	tested, diags := driver.Converge(t.Context(), byIdentity, with(leads(t, env), map[string]any{"run_test": true}))
	must(t, diags)
	if writes := env.Writes(); len(writes) != 0 {
		t.Errorf("adopting a connect wrote %v", writes)
	}
	if tested.Get("run_test") != true {
		t.Errorf("run_test = %v", tested.Get("run_test"))
	}

	// What an import found is managed: an option that the configuration leaves out
	// would be cleared, which the plan says, and refuses where it is required.
	config := with(leads(t, env), map[string]any{"enabled": nil, "trigger": trigger(t, env, map[string]any{"spreadsheet": "Leads 2026"})})
	if _, diags = driver.Plan(t.Context(), byIdentity, config); len(diags.Errors()) != 1 || len(diags) != 2 {
		t.Errorf("want an error and a warning, got:\n%s", diags)
	}
	config["trigger"] = trigger(t, env, map[string]any{"spreadsheet": "Leads 2026", "worksheet": nil})
	_, diags = driver.Converge(t.Context(), byIdentity, config)
	must(t, diags)
	if got := sole(t, env).Trigger.Options["worksheet"]; got != "Inbound" {
		t.Errorf("an option that was never managed became %q", got)
	}
}
