package connect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// untainted is a resource that a person declared whole.
func untainted(r *acctest.Resource) *acctest.Resource {
	copied := *r
	copied.Tainted = false
	return &copied
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
