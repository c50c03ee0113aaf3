package connect_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// untainted is a resource that a person declared whole.
func untainted(r *acctest.Resource) *acctest.Resource {
	copied := *r
	copied.Tainted = false
	return &copied
}

// hourly is a connect that needs no account.
func hourly(t *testing.T, env *acctest.Env, changes map[string]any) map[string]any {
	t.Helper()
	return with(map[string]any{
		"name": "Hourly", "popular_match_id": env.MatchID(t, acctest.ScheduleToWebhook), "enabled": true,
		"trigger": map[string]any{"options": map[string]any{"minute": "15"}},
		"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook"}}},
	}, changes)
}

func minute(m string) map[string]any {
	return map[string]any{"options": map[string]any{"minute": m}}
}

// strict is a service that lets nothing be edited while on, nor turned on untested.
func strict(c *simulator.Config) { c.RequireOffToEdit, c.RequireTestToTurnOn = true, true }

func normalizing(c *simulator.Config) { c.Stored = simulator.Normalize }

func flipped(t *testing.T, env *acctest.Env, id, status string) {
	t.Helper()
	if err := env.Sim.Edit(id, func(c *simulator.Connect) { c.Status = status }); err != nil {
		t.Fatal(err)
	}
}

// failOn has the next request of an operation fail before it does anything.
func failOn(env *acctest.Env, operation string) {
	env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: simulator.FaultStatus})
}

// TestUntaintedIsKept: a connect whose creation failed half-way and that was
// untainted and finished is one like any other: its deletion policy holds.
func TestUntaintedIsKept(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"retain", "turn_off"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := impatient(t, env)
			config := hourly(t, env, map[string]any{"deletion_policy": policy})
			failOn(env, "turn_on_connect")
			made, _ := driver.Create(t.Context(), connectType, config)
			if !made.Tainted {
				t.Fatal("the creation did not fail")
			}
			made, diags := driver.Converge(t.Context(), untainted(made), config)
			must(t, diags)
			if got := sole(t, env).Status; got != simulator.StatusOn {
				t.Errorf("after the apply the connect is %s", got)
			}
			driver.MustPlanNothing(t.Context(), made, config)
			_, diags = driver.Destroy(t.Context(), made)
			must(t, diags)
			if left := env.Sim.Connects(); len(left) != 1 {
				t.Errorf("the policy is %s, and the service holds %d connects", policy, len(left))
			}
		})
	}
}

// TestUntaintedIsTested: the test that a failed creation owes is not forgotten.
func TestUntaintedIsTested(t *testing.T) {
	t.Parallel()
	for name, enabled := range map[string]any{"switch managed": true, "switch not managed": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := impatient(t, env)
			config := hourly(t, env, map[string]any{"run_test": true, "enabled": enabled})
			env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultStatus, Status: 400})
			made, _ := driver.Create(t.Context(), connectType, config)
			if !made.Tainted {
				t.Fatal("the creation did not fail")
			}
			env.ResetJournal()
			made, diags := driver.Converge(t.Context(), untainted(made), config)
			must(t, diags)
			if !slices.Contains(env.Writes(), "run_test") {
				t.Errorf("the apply after untaint wrote %v", env.Writes())
			}
			driver.MustPlanNothing(t.Context(), made, config)
		})
	}
}

// TestPausedIsTurnedOnAgain: whatever interrupts a change after the pause, the
// next plan says that the connect is off, also with ignore_changes = [enabled],
// which hands the provider what the state says.
func TestPausedIsTurnedOnAgain(t *testing.T) {
	t.Parallel()
	interrupt := map[string]bool{"failure": false, "interruption": true}
	for name, interrupted := range interrupt {
		for form, enabled := range map[string]any{"managed": true, "not managed": nil, "ignored": "ignored"} {
			t.Run(name+"/"+form, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				armed := false
				env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) {
					c.Observe = func(x simulator.Exchange) {
						if armed && x.Operation == "turn_off_connect" {
							cancel()
						}
					}
				}))
				driver := impatient(t, env)
				made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
				must(t, diags)
				config := func(current *acctest.Resource, m string) map[string]any {
					switchTo := enabled
					if enabled == "ignored" {
						switchTo = current.Get("enabled")
					}
					return hourly(t, env, map[string]any{"enabled": switchTo, "trigger": minute(m)})
				}
				made, diags = driver.Converge(t.Context(), made, config(made, "15"))
				must(t, diags)
				plan, diags := driver.Plan(t.Context(), made, config(made, "30"))
				must(t, diags)
				if armed = interrupted; !interrupted {
					failOn(env, "edit_trigger_options")
				}
				failed, diags := driver.Apply(ctx, plan)
				if !diags.HasError() {
					t.Fatal("the change did not fail")
				}
				armed = false
				current, diags := driver.Read(t.Context(), failed)
				must(t, diags)
				plan, diags = driver.Plan(t.Context(), current, config(current, "15"))
				must(t, diags)
				if plan.Action != acctest.Update || len(diags) != 1 || !strings.Contains(diags[0].Detail, "off") {
					t.Errorf("the plan after it is %s and says:\n%s", plan.Action, diags)
				}
				done, diags := driver.Apply(t.Context(), plan)
				must(t, diags)
				if got := sole(t, env).Status; got != simulator.StatusOn {
					t.Errorf("after the next apply the connect is %s", got)
				}
				driver.MustPlanNothing(t.Context(), done, config(done, "15"))
			})
		}
	}
}

// TestSavedPlan: between a plan and its apply a person changes what the plan does
// not manage.
func TestSavedPlan(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *acctest.Env, *simulator.Connect){
		"account": func(t *testing.T, env *acctest.Env, c *simulator.Connect) {
			t.Helper()
			// Levers must not be pulled from within another, so the account is one
			// of the catalog.
			for _, account := range env.Sim.Catalog().Accounts() {
				if account.AppID == c.Trigger.AppID && account.ID != c.Trigger.AccountID {
					c.Trigger.AccountID = account.ID
					return
				}
			}
			t.Error("the app has one account only")
		},
		"switch":    func(_ *testing.T, _ *acctest.Env, c *simulator.Connect) { c.Status = simulator.StatusOff },
		"undefined": func(_ *testing.T, _ *acctest.Env, c *simulator.Connect) { c.Trigger.Options["header_row"] = "Yes" },
		"name":      func(_ *testing.T, _ *acctest.Env, c *simulator.Connect) { c.Name = "Another" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := env.Driver(t)
			config := with(leads(t, env), map[string]any{"enabled": nil})
			made, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			unmanaged := with(config, map[string]any{"trigger": map[string]any{"options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}}})
			made, diags = driver.Converge(t.Context(), made, unmanaged)
			must(t, diags)
			flipped(t, env, made.ID(), simulator.StatusOn)
			made, diags = driver.Read(t.Context(), made)
			must(t, diags)
			config = with(unmanaged, map[string]any{"trigger": map[string]any{"options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}}})
			plan, diags := driver.Plan(t.Context(), made, config)
			must(t, diags)
			if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { change(t, env, c) }); err != nil {
				t.Fatal(err)
			}
			// The driver ends the test when the result contradicts the plan.
			_, _ = driver.Apply(t.Context(), plan)
		})
	}
}

// TestEntriesOfActions: a null entry is refused by name, and an unknown one is skipped.
func TestEntriesOfActions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	config := hourly(t, env, nil)
	action := map[string]any{"options": map[string]any{"url": "https://example.com/hook"}}
	diags := driver.Validate(t.Context(), connectType, with(config, map[string]any{"actions": []any{action, nil}}))
	if len(diags.Errors()) != 1 || diags[0].Path != "actions[1]" {
		t.Errorf("a null entry: want one error at actions[1], got:\n%s", diags)
	}
	for name, actions := range map[string]any{"entry": []any{acctest.Unknown}, "list": acctest.Unknown} {
		if _, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(config, map[string]any{"actions": actions})); len(diags) > 0 {
			t.Errorf("unknown %s: %s", name, diags)
		}
	}
	if _, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(config, map[string]any{"trigger": acctest.Unknown})); len(diags) > 0 {
		t.Errorf("unknown trigger: %s", diags)
	}
}

// TestActivationTurnsOn: where a connect cannot be edited while on, nor turned on
// untested, the resources that write options leave it to the activation.
func TestActivationTurnsOn(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"four", "inline and activation"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(strict))
			driver := env.Driver(t)
			held := map[string]*acctest.Resource{}
			apply := func(m string) {
				t.Helper()
				config := hourly(t, env, map[string]any{"enabled": nil, "trigger": minute(m)})
				revisions := []any{m}
				if form == "four" {
					config = with(config, map[string]any{"trigger": nil, "actions": nil})
				}
				step := func(typeName string, config map[string]any) {
					t.Helper()
					prior := held[typeName]
					if prior == nil {
						prior = driver.Absent(typeName)
					}
					after, diags := driver.Converge(t.Context(), prior, config)
					must(t, diags)
					held[typeName] = after
				}
				step(connectType, config)
				id := held[connectType].ID()
				if form == "four" {
					step("appypie_trigger_options", with(minute(m), map[string]any{"connect_id": id}))
					step("appypie_action_options", map[string]any{"connect_id": id, "options": map[string]any{"url": "https://example.com/hook"}})
				}
				activation := map[string]any{"connect_id": id, "run_test": true, "revisions": revisions}
				step("appypie_connect_activation", activation)
				if got := sole(t, env); got.Status != simulator.StatusOn || got.Trigger.Options["minute"] != m {
					t.Errorf("the connect is %s with %v", got.Status, got.Trigger.Options)
				}
				driver.MustPlanNothing(t.Context(), held[connectType], config)
				driver.MustPlanNothing(t.Context(), held["appypie_connect_activation"], activation)
				if form == "four" {
					driver.MustPlanNothing(t.Context(), held["appypie_trigger_options"], with(minute(m), map[string]any{"connect_id": id}))
				}
			}
			apply("15")
			apply("30")
		})
	}
}

// TestImportedKeysAreManaged: what an import found is in the state, and what the
// plan then shows as going goes.
func TestImportedKeysAreManaged(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "15"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "body": "hello"}
		c.Status = simulator.StatusOn
	}); err != nil {
		t.Fatal(err)
	}
	whole := hourly(t, env, map[string]any{"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook", "body": "hello"}}}})
	imported, diags := driver.Import(t.Context(), connectType, made.ID)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), imported, whole)
	less := hourly(t, env, nil)
	after, diags := driver.Converge(t.Context(), imported, less)
	must(t, diags)
	if got := sole(t, env).Actions[0].Options; got["body"] != "" {
		t.Errorf("the plan showed body going, and the service has %v", got)
	}
	driver.MustPlanNothing(t.Context(), after, less)
}

// TestRequiredOptionSetToNothing is found by the plan of an update.
func TestRequiredOptionSetToNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	_, diags = driver.Plan(t.Context(), made, hourly(t, env, map[string]any{"actions": []any{map[string]any{"options": map[string]any{"url": ""}}}}))
	if len(diags.Errors()) != 1 || diags[0].Path != `actions[0].options["url"]` {
		t.Errorf("want one error at the option, got:\n%s", diags)
	}
}

// TestUnknownPopularMatch does not replace a connect.
func TestUnknownPopularMatch(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	plan, diags := driver.Plan(t.Context(), made, hourly(t, env, map[string]any{"popular_match_id": acctest.Unknown}))
	must(t, diags)
	if plan.Action != acctest.Update {
		t.Errorf("the plan is %s of %v", plan.Action, plan.Replaces)
	}
}

// TestRetiredPopularMatch: the state knows enough to edit.
func TestRetiredPopularMatch(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	env.Sim.AddFault(simulator.Fault{Operation: "get_popular_match", Kind: simulator.FaultStatus, Status: 404, Times: -1})
	config := hourly(t, env, map[string]any{"trigger": minute("30")})
	_, diags = driver.Converge(t.Context(), made, config)
	if len(diags) > 0 {
		t.Errorf("an update says:\n%s", diags)
	}
	warning := env.DriverWith(t, map[string]any{"option_validation": "warn"})
	if _, diags = warning.Plan(t.Context(), warning.Absent(connectType), with(config, map[string]any{"name": "Another"})); diags.HasError() || len(diags) != 1 {
		t.Errorf("with option_validation = warn a creation says:\n%s", diags)
	}
}

// TestRenameWhereEditingNeedsOff pauses.
func TestRenameWhereEditingNeedsOff(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.RequireOffToEdit = true }))
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	config := hourly(t, env, map[string]any{"name": "Every hour"})
	after, diags := driver.Converge(t.Context(), made, config)
	must(t, diags)
	if got := sole(t, env); got.Name != "Every hour" || got.Status != simulator.StatusOn {
		t.Errorf("the connect is %q and %s", got.Name, got.Status)
	}
	driver.MustPlanNothing(t.Context(), after, config)
}

// TestActivationReplacedFromTheNewOne: with create_before_destroy the new
// activation turns on, and the old one that goes must not turn off.
func TestActivationReplacedFromTheNewOne(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, map[string]any{"enabled": nil}))
	must(t, diags)
	config := map[string]any{"connect_id": made.ID()}
	old, diags := driver.Create(t.Context(), "appypie_connect_activation", config)
	must(t, diags)
	phase := env.Driver(t).SamePhase()
	_, diags = phase.Create(t.Context(), "appypie_connect_activation", config)
	must(t, diags)
	_, diags = phase.Destroy(t.Context(), old)
	must(t, diags)
	if got := sole(t, env).Status; got != simulator.StatusOn {
		t.Errorf("the connect is %s", got)
	}
}

// TestSecretInOptions converges however the service shows secrets.
func TestSecretInOptions(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = masking }))
			driver := env.Driver(t)
			config := map[string]any{
				"name": "Hook", "popular_match_id": env.MatchID(t, acctest.TypeformToWebhook),
				"trigger": map[string]any{"account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": "Contact"}},
				"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com", "signing_secret": "a-secret-in-options"}}},
			}
			made, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), made, config)
		})
	}
}

// TestTwoHoldOneConnect: two resources that hold one id are told apart by what
// they say, and refused.
func TestTwoHoldOneConnect(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	one := hourly(t, env, nil)
	made, diags := driver.Create(t.Context(), connectType, one)
	must(t, diags)
	other := with(one, map[string]any{"name": "Another name"})
	phase := env.Driver(t).SamePhase()
	_, diags = phase.Plan(t.Context(), made, one)
	must(t, diags)
	_, diags = phase.Plan(t.Context(), made, other)
	if len(diags.Errors()) != 1 || !strings.Contains(diags.String(), "Managed in two places") {
		t.Errorf("want an error, got:\n%s", diags)
	}
}

// TestNothingWrittenNothingPaused: a change that writes nothing leaves a live
// connect alone.
func TestNothingWrittenNothingPaused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before, after func(*testing.T, *acctest.Env) map[string]any
	}{
		"unmanaging an account": {after: func(t *testing.T, _ *acctest.Env) map[string]any {
			t.Helper()
			return map[string]any{"trigger": map[string]any{"options": sheet("Leads 2026")}}
		}},
		"declaring what is there": {after: func(t *testing.T, env *acctest.Env) map[string]any {
			t.Helper()
			return map[string]any{"trigger": trigger(t, env, with(sheet("Leads 2026"), map[string]any{"header_row": "Yes"}))}
		}},
		"managing the account that is there": {
			before: func(t *testing.T, _ *acctest.Env) map[string]any {
				t.Helper()
				return map[string]any{"trigger": map[string]any{"options": sheet("Leads 2026")}}
			},
			after: func(t *testing.T, env *acctest.Env) map[string]any {
				t.Helper()
				return map[string]any{"trigger": trigger(t, env, sheet("Leads 2026"))}
			},
		},
		"dropping a null key": {
			before: func(t *testing.T, env *acctest.Env) map[string]any {
				t.Helper()
				return map[string]any{"trigger": trigger(t, env, with(sheet("Leads 2026"), map[string]any{"header_row": "", "x": ""}))}
			},
			after: func(t *testing.T, env *acctest.Env) map[string]any {
				t.Helper()
				return map[string]any{"trigger": trigger(t, env, sheet("Leads 2026"))}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := env.Driver(t)
			made, diags := driver.Create(t.Context(), connectType, leads(t, env))
			must(t, diags)
			if tc.before != nil {
				before := with(leads(t, env), tc.before(t, env))
				made, diags = driver.Converge(t.Context(), made, before)
				must(t, diags)
			}
			if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { c.Trigger.Options["header_row"] = "Yes" }); err != nil {
				t.Fatal(err)
			}
			if name == "dropping a null key" {
				if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { delete(c.Trigger.Options, "header_row") }); err != nil {
					t.Fatal(err)
				}
			}
			env.ResetJournal()
			config := with(leads(t, env), tc.after(t, env))
			after, diags := driver.Converge(t.Context(), made, config)
			must(t, diags)
			if diff := cmp.Diff([]string{}, env.Writes()); diff != "" {
				t.Errorf("calls that write (-want +got):\n%s", diff)
			}
			driver.MustPlanNothing(t.Context(), after, config)
		})
	}
}

// TestOtherForm: values that the service keeps in another form are no drift.
func TestOtherForm(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"JSON": `{ "b": 1, "a": [1, 2] }`, "empty object": "{}", "newline": "text\n", "CRLF": "a\r\nb", "number": "1.50", "name": "plain",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(normalizing))
			driver := env.Driver(t)
			config := hourly(t, env, map[string]any{
				"name":    "Hourly " + strings.Repeat(" ", len(name)%2),
				"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook", "body": value}}},
			})
			made, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), made, config)
			// A person's change is drift all the same.
			if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { c.Actions[0].Options["body"] = "something else" }); err != nil {
				t.Fatal(err)
			}
			current, diags := driver.Read(t.Context(), made)
			must(t, diags)
			if got := current.Get("actions", "0", "options", "body"); got != "something else" {
				t.Errorf("a person's change reads as %v", got)
			}
			config["enabled"] = false
			after, diags := driver.Converge(t.Context(), current, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), after, config)
		})
	}
}

// TestImportLeavesSecretsOut where the service echoes them.
func TestImportLeavesSecretsOut(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = simulator.MaskingEcho }))
	driver := env.Driver(t)
	secret := env.Canary("s3cr3t-of-the-webhook-4711")
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToWebhook), "Signed")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": secret}
	}); err != nil {
		t.Fatal(err)
	}
	for typeName, id := range map[string]string{connectType: made.ID, "appypie_action_options": made.ID} {
		imported, diags := driver.Import(t.Context(), typeName, id)
		must(t, diags)
		if strings.Contains(imported.Stored(), secret) {
			t.Errorf("%s: the state has the secret", typeName)
		}
		if !strings.Contains(diags.String(), "signing_secret") {
			t.Errorf("%s: no warning names the key:\n%s", typeName, diags)
		}
	}
	for _, found := range driver.List(t.Context(), connectType, nil, acctest.Query{IncludeResource: true}) {
		if strings.Contains(strings.Join(slices.Sorted(maps.Keys(found.Attributes)), ""), secret) || acctestContains(found.Attributes, secret) {
			t.Error("the list resource shows the secret")
		}
	}
}

func acctestContains(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(v, text)
	case map[string]any:
		for _, one := range v {
			if acctestContains(one, text) {
				return true
			}
		}
	case []any:
		for _, one := range v {
			if acctestContains(one, text) {
				return true
			}
		}
	}
	return false
}

// TestOptionalSecrets: a module may set secrets to null and keep the version.
func TestOptionalSecrets(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	action := map[string]any{"options": map[string]any{"url": "https://example.com/hook"}, "secrets_wo": nil}
	config := hourly(t, env, map[string]any{"actions": []any{action}, "secrets_wo_version": 1})
	made, diags := driver.Create(t.Context(), connectType, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), made, config)
}

// TestTimeoutsAreChecked by validate.
func TestTimeoutsAreChecked(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	for _, value := range []string{"0s", "-5m", "1ms", "soon"} {
		diags := driver.Validate(t.Context(), connectType, hourly(t, env, map[string]any{"timeouts": map[string]any{"create": value}}))
		if len(diags.Errors()) == 0 {
			t.Errorf("create = %q is accepted", value)
		}
	}
}

// TestNoSuchChoiceShowsNoValue: the value may be sensitive.
func TestNoSuchChoiceShowsNoValue(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	_, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(leads(t, env), map[string]any{
		"trigger": trigger(t, env, with(sheet("Leads 2026"), map[string]any{"header_row": "hunter2-is-secret"})),
	}))
	if !diags.HasError() || strings.Contains(diags.String(), "hunter2") {
		t.Errorf("the message:\n%s", diags)
	}
}

// TestRetainSaysWhatStays: a connect that is kept goes on running.
func TestRetainSaysWhatStays(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	config := hourly(t, env, map[string]any{"deletion_policy": "retain"})
	made, diags := driver.Create(t.Context(), connectType, config)
	must(t, diags)
	plan, diags := driver.Plan(t.Context(), made, with(leads(t, env), map[string]any{"deletion_policy": "retain"}))
	must(t, diags)
	if plan.Action != acctest.Replace {
		t.Errorf("the plan is %s", plan.Action)
	}
	_, diags = driver.Apply(t.Context(), plan)
	must(t, diags)
	if !strings.Contains(diags.String(), made.ID()) {
		t.Errorf("nothing is said of the connect that stays:\n%s", diags)
	}
}

// TestIgnoredWriteIsShown: a service that answers success and goes on showing
// something else did not take the write. The next plan shows it.
func TestIgnoredWriteIsShown(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := impatient(t, env)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, map[string]any{"enabled": nil}))
	must(t, diags)
	env.Sim.AddFault(simulator.Fault{Operation: "edit_trigger_options", Kind: simulator.FaultNotApplied})
	config := hourly(t, env, map[string]any{"enabled": nil, "trigger": minute("30")})
	after, _ := driver.Converge(t.Context(), made, config)
	current, diags := driver.Read(t.Context(), after)
	must(t, diags)
	if got := current.Get("trigger", "options", "minute"); got != "15" {
		t.Errorf("the state has minute = %v, and the service 15", got)
	}
	again, diags := driver.Converge(t.Context(), current, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), again, config)
}

// TestRenameMovesNothing: a status is known while nothing moves the switch.
func TestRenameMovesNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, leads(t, env))
	must(t, diags)
	plan, diags := driver.Plan(t.Context(), made, with(leads(t, env), map[string]any{"name": "Other"}))
	must(t, diags)
	if plan.Get("status") != "ON" {
		t.Errorf("the plan of a rename: %v", plan.Attributes)
	}
}

// TestTwins: what this run made itself is nobody else's connect of that name, also
// where there is no data folder to record it in.
func TestTwins(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	phase := env.Driver(t).SamePhase()
	for range 2 {
		_, diags := phase.Create(t.Context(), connectType, hourly(t, env, nil))
		if len(diags) > 0 {
			t.Errorf("want nothing said, got:\n%s", diags)
		}
	}
}

// TestNotReady: a new connect whose trigger is managed elsewhere cannot be on.
func TestNotReady(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	for attribute, config := range map[string]map[string]any{
		"enabled":  with(leads(t, env), map[string]any{"trigger": nil}),
		"run_test": with(leads(t, env), map[string]any{"trigger": nil, "enabled": nil, "run_test": true}),
	} {
		_, diags := driver.Plan(t.Context(), driver.Absent(connectType), config)
		if len(diags.Errors()) != 1 || diags[0].Path != attribute || !strings.Contains(diags[0].Detail, "trigger") {
			t.Errorf("%s: want one error, got:\n%s", attribute, diags)
		}
	}
}

// TestOneCauseOneMessage: data sources without credentials explain it once.
func TestOneCauseOneMessage(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	phase := env.DriverWith(t, map[string]any{"refresh_token": nil, "client_id": nil, "client_secret": nil}).SamePhase()
	lines := 0
	for i := range 5 {
		_, diags := phase.ReadData(t.Context(), "appypie_connects", map[string]any{"name": fmt.Sprint(i)})
		if len(diags.Errors()) != 1 {
			t.Fatalf("want one error, got:\n%s", diags)
		}
		lines += strings.Count(strings.TrimSpace(diags.String()), "\n") + 1
	}
	const most = 30
	if lines > most {
		t.Errorf("five data sources say %d lines", lines)
	}
}

// TestIsTheSimulatorRunning is asked where nobody listens on this machine.
func TestIsTheSimulatorRunning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	for name, url := range map[string]string{"nobody listens": "http://" + closedPort(t) + "/api", "https": strings.Replace(env.URL, "http:", "https:", 1) + "/api"} {
		driver := env.DriverWith(t, map[string]any{"api_url": url, "access_token": env.Sim.IssueAccessToken(), "refresh_token": nil, "client_id": nil, "client_secret": nil, "max_retries": 0})
		_, diags := driver.ReadData(t.Context(), "appypie_connects", nil)
		if !strings.Contains(diags.String(), "Does the simulator run?") {
			t.Errorf("%s:\n%s", name, diags)
		}
		if strings.HasPrefix(url, "https") && !strings.Contains(diags.String(), "use http") {
			t.Errorf("%s:\n%s", name, diags)
		}
	}
}

// TestDeletedBetweenPlanAndApply says what comes next.
func TestDeletedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, nil))
	must(t, diags)
	plan, diags := driver.Plan(t.Context(), made, hourly(t, env, map[string]any{"trigger": minute("30")}))
	must(t, diags)
	env.Sim.DeleteConnect(made.ID())
	_, diags = driver.Apply(t.Context(), plan)
	if len(diags.Errors()) != 1 || !strings.Contains(diags[0].Detail, "takes it out of the state and makes it again") {
		t.Errorf("the message:\n%s", diags)
	}
}
