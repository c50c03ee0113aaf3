package steps_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestStepLifecycle(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start           func(*testing.T, *acctest.Env) target
		edit            string
		first, second   map[string]string
		changed, fewer  map[string]any
		afterFewer      map[string]string
		addedByAPerson  string
		driftKey, drift string
	}{
		"trigger": {
			start: sheetsTrigger, edit: "edit_trigger_options",
			first:          map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"},
			changed:        map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive", "header_row": "Yes"},
			second:         map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Archive", "header_row": "Yes"},
			fewer:          map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"},
			afterFewer:     map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Archive", "column1": "mine"},
			addedByAPerson: "column1", driftKey: "worksheet", drift: "Elsewhere",
		},
		"action": {
			start: webhookAction, edit: "edit_action_options",
			first:          map[string]string{"url": "https://example.com/hook", "method": "PUT"},
			changed:        map[string]any{"url": "https://example.com/other", "method": "PUT", "payload": "{}"},
			second:         map[string]string{"url": "https://example.com/other", "method": "PUT", "payload": "{}"},
			fewer:          map[string]any{"url": "https://example.com/other", "method": "PUT"},
			afterFewer:     map[string]string{"url": "https://example.com/other", "method": "PUT", "header": "mine"},
			addedByAPerson: "header", driftKey: "url", drift: "https://example.com/elsewhere",
		},
	} {
		for _, mode := range []simulator.EditMode{simulator.EditReplace, simulator.EditMerge} {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.EditMode = mode }))
				g := tc.start(t, env)
				driver := env.Driver(t)

				held := applied(t, driver, driver.Absent(g.typeName), g)
				wantOptions(t, g, tc.first)
				driver.MustPlanNothing(t.Context(), held, g.config)

				// The connect is off, so there is nothing to pause.
				if diff := cmp.Diff([]string{tc.edit}, env.Writes()); diff != "" {
					t.Errorf("creating writes (-want +got):\n%s", diff)
				}
				g = g.with(map[string]any{"options": tc.changed})
				updated := applied(t, driver, held, g)
				wantOptions(t, g, tc.second)
				driver.MustPlanNothing(t.Context(), updated, g.config)
				if updated.Get("revision") == held.Get("revision") {
					t.Error("the revision did not change with the options")
				}

				// What a person adds is kept and no diff; what a person changes
				// is put right.
				g.edit(t, func(s *simulator.Step) { s.Options[tc.addedByAPerson] = "mine" })
				driver.MustPlanNothing(t.Context(), updated, g.config)
				g.edit(t, func(s *simulator.Step) { s.Options[tc.driftKey] = tc.drift })
				updated = applied(t, driver, updated, g)

				// A key that is no longer declared is cleared, once.
				g = g.with(map[string]any{"options": tc.fewer})
				updated = applied(t, driver, updated, g)
				wantOptions(t, g, tc.afterFewer)
				driver.MustPlanNothing(t.Context(), updated, g.config)
				env.ResetJournal()

				gone, diags := driver.Destroy(t.Context(), updated)
				must(t, diags)
				wantOptions(t, g, tc.afterFewer)
				if gone.Exists() || len(env.Requests()) > 0 {
					t.Errorf("destroying asked the service for %v", env.Requests())
				}
			})
		}
	}
}

func wantOptions(t *testing.T, g target, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, g.step(t).Options); diff != "" {
		t.Errorf("options in the service (-want +got):\n%s", diff)
	}
}

func TestStepPausesALiveConnect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start func(*testing.T, *acctest.Env) target
		pause bool
		want  []string
	}{
		"trigger":               {sheetsTrigger, true, []string{"turn_off_connect", "edit_trigger_options", "turn_on_connect"}},
		"trigger without pause": {sheetsTrigger, false, []string{"edit_trigger_options"}},
		"action":                {webhookAction, true, []string{"turn_off_connect", "edit_action_options", "turn_on_connect"}},
		"action without pause":  {webhookAction, false, []string{"edit_action_options"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := tc.start(t, env).with(map[string]any{"pause_during_update": tc.pause}).complete(t)
			g.goLive(t)

			driver := env.Driver(t)
			held := applied(t, driver, driver.Absent(g.typeName), g)
			if diff := cmp.Diff(tc.want, env.Writes()); diff != "" {
				t.Errorf("calls of a creation (-want +got):\n%s", diff)
			}

			env.ResetJournal()
			g.edit(t, func(s *simulator.Step) { clear(s.Options) })
			held = applied(t, driver, held, g)
			if diff := cmp.Diff(tc.want, env.Writes()); diff != "" {
				t.Errorf("calls of an update (-want +got):\n%s", diff)
			}
			if got := g.connect(t).Status; got != simulator.StatusOn {
				t.Errorf("the connect is %s", got)
			}
			driver.MustPlanNothing(t.Context(), held, g.config)
		})
	}
}

// TestStepWithNothingToWrite walks through configurations whose change sends
// nothing: each must end in a state that has no unknown value.
func TestStepWithNothingToWrite(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, *acctest.Env) target{
		"trigger": sheetsTrigger,
		"action":  webhookAction,
		"action with its position": func(t *testing.T, env *acctest.Env) target {
			t.Helper()
			return webhookAction(t, env).with(map[string]any{"position": 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := start(t, env)
			options := g.config["options"]
			g.edit(t, func(s *simulator.Step) {
				if g.typeName == triggerType {
					s.AccountID = env.AccountID(t, "Google Sheets")
					s.Options = map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
				} else {
					s.Options["url"] = "https://example.com/hook"
				}
			})
			before := g.connect(t)
			driver := env.Driver(t)

			none := g.with(map[string]any{"options": nil, "account_id": nil})
			held := applied(t, driver, driver.Absent(g.typeName), none)
			driver.MustPlanNothing(t.Context(), held, none.config)
			if got := env.Writes(); len(got) > 0 {
				t.Errorf("managing nothing wrote: %v", got)
			}

			held = applied(t, driver, held, g.with(map[string]any{"options": options}))
			env.ResetJournal()

			held = applied(t, driver, held, none)
			driver.MustPlanNothing(t.Context(), held, none.config)
			if got := env.Writes(); len(got) > 0 {
				t.Errorf("leaving the options to others wrote: %v", got)
			}
			if got, want := g.step(t).AccountID, before.Trigger.AccountID; g.typeName == triggerType && got != want {
				t.Errorf("the account became %q, want %q", got, want)
			}
		})
	}
}

func TestActionNeedsItsPosition(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "Entries")
	driver := env.Driver(t)
	channel := choice(t, env, made.Actions[1], "channel", "sales")
	config := map[string]any{
		"connect_id": made.ID, "account_id": env.AccountID(t, "Slack"),
		"options": map[string]any{"channel": channel, "text": "{{email}}"},
	}

	for name, wrong := range map[string]any{"Which action is meant?": nil, "No such step": 3} {
		config["position"] = wrong
		_, diags := driver.Create(t.Context(), actionType, config)
		one := wantError(t, diags, name, "position")
		for _, action := range made.Actions {
			if !strings.Contains(one.Detail, action.EventID) {
				t.Errorf("the error does not list %s:\n%s", action.EventID, one.Detail)
			}
		}
	}
	config["position"] = 2

	held, diags := driver.Create(t.Context(), actionType, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), held, config)
	after, _ := env.Sim.Connect(made.ID)
	if got := after.Actions[1].Options["channel"]; got != channel {
		t.Errorf("channel of the second action is %q", got)
	}
	if len(after.Actions[0].Options) > 0 {
		t.Errorf("the first action was written: %v", after.Actions[0].Options)
	}

	// A position that is not known yet is not a missing one.
	config["position"] = acctest.Unknown
	if _, diags := driver.Plan(t.Context(), driver.Absent(actionType), config); len(diags) > 0 {
		t.Errorf("planning with an unknown position:\n%s", diags)
	}
}

// wantError wants one diagnostic, which is an error.
func wantError(t *testing.T, diags acctest.Diagnostics, summary, at string) acctest.Diagnostic {
	t.Helper()
	if len(diags) != 1 || !diags[0].Error || !strings.Contains(diags[0].Summary, summary) || diags[0].Path != at {
		t.Fatalf("want the one error %q at %q, got:\n%s", summary, at, diags)
	}
	return diags[0]
}

func TestStepMovesToAnotherConnect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start func(*testing.T, *acctest.Env) target
		// other options have the plan validate the step that it moves to.
		other map[string]any
	}{
		"trigger": {sheetsTrigger, map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}},
		"action":  {webhookAction, map[string]any{"url": "https://example.com/other"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			first, second := tc.start(t, env), tc.start(t, env).with(map[string]any{"options": tc.other})
			driver := env.Driver(t)
			held := applied(t, driver, driver.Absent(first.typeName), first)

			plan, diags := driver.Plan(t.Context(), held, second.config)
			must(t, diags)
			if diff := cmp.Diff([]string{"connect_id"}, plan.Replaces); plan.Action != acctest.Replace || diff != "" {
				t.Errorf("the plan is to %s for %v", plan.Action, plan.Replaces)
			}

			moved, diags := driver.Apply(t.Context(), plan)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), moved, second.config)
		})
	}
}

func TestStepImport(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start    func(*testing.T, *acctest.Env) target
		withStep bool
	}{
		"trigger": {start: sheetsTrigger},
		"action":  {start: webhookAction, withStep: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := tc.start(t, env)
			driver := env.Driver(t)
			held := applied(t, driver, driver.Absent(g.typeName), g)

			if tc.withStep {
				positioned := g.with(map[string]any{"position": 1})
				imported, diags := driver.Import(t.Context(), g.typeName, g.id+"/1")
				must(t, diags)
				driver.MustPlanNothing(t.Context(), imported, positioned.config)
			}
			imported, diags := driver.Import(t.Context(), g.typeName, g.id)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), imported, g.config)

			imported, diags = driver.ImportIdentity(t.Context(), g.typeName, map[string]any{"connect_id": g.id})
			must(t, diags)
			driver.MustPlanNothing(t.Context(), imported, g.config)
			if diff := cmp.Diff(held.Identity, imported.Identity); diff != "" {
				t.Errorf("identity after import (-created +imported):\n%s", diff)
			}
			for _, malformed := range []string{"", "not an id", g.id + "/", g.id + "/a b", g.id + "/0", g.id + "/-1", "/" + g.id} {
				_, diags := driver.Import(t.Context(), g.typeName, malformed)
				wantError(t, diags, "Invalid import id", "")
			}

			_, diags = driver.Import(t.Context(), g.typeName, "000000000000000000000000")
			wantError(t, diags, "Cannot import", "")
		})
	}
}

// TestStepImportManagesWhatItFound: what an import finds is in the state. Leaving
// an option out clears it, which the plan says; null leaves it unmanaged.
func TestStepImportManagesWhatItFound(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	g := sheetsTrigger(t, env)
	driver := env.Driver(t)

	applied(t, driver, driver.Absent(g.typeName), g)
	g.edit(t, func(s *simulator.Step) { s.Options["header_row"] = "Yes" })

	imported, diags := driver.Import(t.Context(), g.typeName, g.id)
	must(t, diags)

	kept := g.with(map[string]any{"options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": nil}})
	held := applied(t, driver, imported, kept)
	driver.MustPlanNothing(t.Context(), held, kept.config)
	wantOptions(t, g, map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Yes"})

	held, diags = driver.Converge(t.Context(), imported, g.config)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "header_row") {
		t.Errorf("want a warning that names the option, got:\n%s", diags)
	}
	driver.MustPlanNothing(t.Context(), held, g.config)
	wantOptions(t, g, map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"})
}

func TestStepOfAConnectThatIsGone(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, *acctest.Env) target{"trigger": sheetsTrigger, "action": webhookAction} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := start(t, env)
			driver := env.Driver(t)
			held := applied(t, driver, driver.Absent(g.typeName), g)
			env.Sim.DeleteConnect(g.id)
			read, diags := driver.Read(t.Context(), held)
			if read.Exists() || diags.HasError() || len(diags) != 1 || !strings.Contains(diags[0].Detail, g.id) {
				t.Errorf("after the connect is gone: %v\n%s", read.Attributes, diags)
			}

			_, diags = driver.Plan(t.Context(), read, g.config)
			wantError(t, diags, "No such connect", "connect_id")

			again := start(t, env)
			held = applied(t, driver, read, again)
			driver.MustPlanNothing(t.Context(), held, again.config)
		})
	}
}

// TestStepTimeouts: the limits of an operation hold, and stay in the state.
func TestStepTimeouts(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	g := sheetsTrigger(t, env).with(map[string]any{"timeouts": map[string]any{"create": "5m", "update": "1s"}})
	driver := env.Driver(t)
	held := applied(t, driver, driver.Absent(g.typeName), g)
	driver.MustPlanNothing(t.Context(), held, g.config)
	if got := held.Get("timeouts", "create"); got != "5m" {
		t.Errorf("timeouts.create = %v", got)
	}
	changed := g.with(map[string]any{"options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}})
	env.Sim.AddFault(simulator.Fault{Operation: "edit_trigger_options", Kind: simulator.FaultHang})
	_, diags := driver.Converge(t.Context(), held, changed.config)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "deadline exceeded") {
		t.Errorf("an update that hangs:\n%s", diags)
	}
}
