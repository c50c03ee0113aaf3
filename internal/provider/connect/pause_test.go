package connect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// strict is a service that lets nothing be edited while on, nor turned on untested.
func strict(c *simulator.Config) { c.RequireOffToEdit, c.RequireTestToTurnOn = true, true }

func normalizing(c *simulator.Config) { c.Stored = simulator.Normalize }

func flipped(t *testing.T, env *acctest.Env, id, status string) {
	t.Helper()
	if err := env.Sim.Edit(id, func(c *simulator.Connect) { c.Status = status }); err != nil {
		t.Fatal(err)
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
