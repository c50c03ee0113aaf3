package steps_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// both is a live connect whose trigger and action are managed by a resource each.
type both struct {
	trigger, action target
	held            []*acctest.Resource
}

func liveBoth(t *testing.T, env *acctest.Env, driver *acctest.Driver) both {
	t.Helper()
	trigger := sheetsTrigger(t, env).complete(t)
	action := target{typeName: actionType, env: env, id: trigger.id, config: map[string]any{
		"connect_id": trigger.id, "account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": "{{column2}}"},
	}}
	b := both{trigger: trigger, action: action}
	for _, g := range b.targets() {
		b.held = append(b.held, applied(t, driver, driver.Absent(g.typeName), g))
	}
	trigger.goLive(t)
	env.ResetJournal()
	return b
}

func (b both) targets() []target { return []target{b.trigger, b.action} }

// changed is the same with another option in each step.
func (b both) changed() both {
	b.trigger = b.trigger.with(map[string]any{"options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Archive"}})
	b.action = b.action.with(map[string]any{"options": map[string]any{"email": "{{column3}}"}})
	return b
}

// applyAtOnce applies both in one provider process, as Terraform does. The one that
// comes first is held up while it turns the connect off, until the other one waits.
func (b both) applyAtOnce(t *testing.T, driver *acctest.Driver) (both, []acctest.Diagnostics) {
	t.Helper()
	env := b.trigger.env
	plans := make([]*acctest.Plan, 2)
	for i, g := range b.targets() {
		plan, diags := driver.Plan(t.Context(), b.held[i], g.config)
		must(t, slices.DeleteFunc(diags, func(d acctest.Diagnostic) bool { return d.Summary == "An earlier apply did not finish" }))
		plans[i] = plan
	}
	env.Sim.AddFault(simulator.Fault{Operation: "turn_off_connect", Kind: simulator.FaultDelay, Delay: 500 * time.Millisecond})
	must(t, driver.Configure(t.Context(), settingsOf(env)))
	phase, said := driver.SamePhase(), make([]acctest.Diagnostics, 2)
	b.held = slices.Clone(b.held)
	var wg sync.WaitGroup
	for i, plan := range plans {
		wg.Go(func() { b.held[i], said[i] = phase.Apply(t.Context(), plan) })
	}
	wg.Wait()
	return b, said
}

func settingsOf(env *acctest.Env) map[string]any {
	settings := env.Settings()
	settings["max_retries"] = 0
	return settings
}

// converge applies one after the other and wants nothing to be left.
func (b both) converge(t *testing.T, driver *acctest.Driver) {
	t.Helper()
	b.trigger.env.Sim.ClearFaults()
	for i, g := range b.targets() {
		b.held[i] = applied(t, driver, b.held[i], g)
	}
	for i, g := range b.targets() {
		driver.MustPlanNothing(t.Context(), b.held[i], g.config)
	}
	if got := b.trigger.connect(t); got.Status != simulator.StatusOn || got.Trigger.Options["worksheet"] != "Archive" || got.Actions[0].Options["email"] != "{{column3}}" {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestTriggerAndActionShareAPause(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.RequireOffToEdit = true }))
	driver := hasty(t, env)
	b, said := liveBoth(t, env, driver).changed().applyAtOnce(t, driver)
	must(t, slices.Concat(said...))
	writes := env.Writes()
	if len(writes) == 4 {
		slices.Sort(writes[1:3])
	}
	if got, want := strings.Join(writes, " "), "turn_off_connect edit_action_options edit_trigger_options turn_on_connect"; got != want {
		t.Errorf("calls\n got %s\nwant %s", got, want)
	}
	b.converge(t, driver)
}

// TestSharedPauseFails: what the resources say is true whichever comes first, and
// the next apply ends with the connect on.
func TestSharedPauseFails(t *testing.T) {
	t.Parallel()
	const paused, off = "An earlier apply did not finish", "The connect is off"
	for name, tc := range map[string]struct {
		fault   simulator.Fault
		refuses bool
		// errors and warnings of the trigger and of the action.
		errors, warnings [2]int
		// remember tells who has to turn the connect on.
		remember [2]bool
	}{
		"the edit of the action": {
			fault:  simulator.Fault{Operation: "edit_action_options", Kind: simulator.FaultStatus},
			errors: [2]int{0, 1}, warnings: [2]int{1, 0}, remember: [2]bool{false, true},
		},
		"turning on": {
			fault:  simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultStatus},
			errors: [2]int{1, 1}, remember: [2]bool{true, true},
		},
		"turning on is refused": {
			fault:    simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultStatus, Status: 400},
			warnings: [2]int{1, 1}, remember: [2]bool{true, true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.RequireOffToEdit = true }))
			driver := hasty(t, env)
			b := liveBoth(t, env, driver).changed()
			tc.fault.Times = -1
			env.Sim.AddFault(tc.fault)
			b, said := b.applyAtOnce(t, driver)
			if got := b.trigger.connect(t).Status; got != simulator.StatusOff {
				t.Errorf("the connect is %s", got)
			}
			for i, g := range b.targets() {
				errs, warnings := 0, 0
				for _, d := range said[i] {
					switch {
					case d.Error:
						errs++
					case d.Summary == off:
						warnings++
					}
				}
				if errs != tc.errors[i] || warnings != tc.warnings[i] || errs+warnings != len(said[i]) {
					t.Errorf("%s:\n%s", g.typeName, said[i])
				}
				_, diags := driver.Plan(t.Context(), b.held[i], g.config)
				if remembers := slices.ContainsFunc(diags, func(d acctest.Diagnostic) bool { return d.Summary == paused }); remembers != tc.remember[i] {
					t.Errorf("%s remembers to turn the connect on: %t", g.typeName, remembers)
				}
			}
			b.converge(t, driver)
		})
	}
}
