package connect_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// protected makes a connect that must not be destroyed.
func protected(t *testing.T, env *acctest.Env, driver *acctest.Driver) (*acctest.Resource, map[string]any) {
	t.Helper()
	config := hourly(t, env, map[string]any{"deletion_policy": "prevent"})
	made, diags := driver.Create(t.Context(), connectType, config)
	must(t, diags)
	env.ResetJournal()
	return made, config
}

// expectPrevented wants the one error that names both ways out, and no write.
func expectPrevented(t *testing.T, env *acctest.Env, diags acctest.Diagnostics) {
	t.Helper()
	if len(diags) != 1 || !diags[0].Error || diags[0].Summary != "The connect must not be destroyed" {
		t.Fatalf("got:\n%s", diags)
	}
	for _, part := range []string{sole(t, env).ID, "Set deletion_policy", "destroy = false", "AP1246"} {
		if !strings.Contains(diags[0].Detail, part) {
			t.Errorf("the error lacks %q:\n%s", part, diags[0].Detail)
		}
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("it wrote %v", writes)
	}
}

func TestPreventRefusesADestructionInThePlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, _ := protected(t, env, driver)
	_, diags := driver.Plan(t.Context(), made, nil)
	expectPrevented(t, env, diags)
}

func TestPreventRefusesAReplacementInThePlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, config := protected(t, env, driver)
	for name, changes := range map[string]map[string]any{
		"the policy stays": {},
		// The policy of the state counts.
		"the policy changes with it": {"deletion_policy": "delete"},
	} {
		other := with(with(config, changes), map[string]any{"popular_match_id": env.MatchID(t, acctest.SheetsToHubSpot), "enabled": false, "trigger": nil, "actions": nil})
		if _, diags := driver.Plan(t.Context(), made, other); diags.HasError() {
			expectPrevented(t, env, diags)
		} else {
			t.Errorf("%s: the plan replaces it", name)
		}
	}
}

// A plan is not told of taint. TestAccPrevent does the same with Terraform.
func TestPreventRefusesATaintedOneInTheApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, config := protected(t, env, driver)
	tainted := *made
	tainted.Tainted = true
	plan, diags := driver.Plan(t.Context(), &tainted, config)
	must(t, diags)
	prior, diags := driver.Apply(t.Context(), plan)
	expectPrevented(t, env, diags)
	if prior.ID() != made.ID() {
		t.Errorf("the state holds %q", prior.ID())
	}
}

// Another policy, once applied, lets it go.
func TestPreventEndsWithAnotherPolicy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made, config := protected(t, env, driver)
	made, diags := driver.Converge(t.Context(), made, with(config, map[string]any{"deletion_policy": "delete"}))
	must(t, diags)
	_, diags = driver.Destroy(t.Context(), made)
	must(t, diags)
	if left := env.Sim.Connects(); len(left) > 0 {
		t.Errorf("the service holds %d connects", len(left))
	}
}

// A creation that failed half-way is replaced. Untainted and finished, the connect
// is protected like any other.
func TestPreventDoesNotKeepAnIncompleteConnect(t *testing.T) {
	t.Parallel()
	for name, untaint := range map[string]bool{"replaced": false, "untainted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			driver := impatient(t, env)
			config := hourly(t, env, map[string]any{"deletion_policy": "prevent"})
			failOn(env, "edit_action_options")
			failed, _ := driver.Create(t.Context(), connectType, config)
			if !failed.Tainted {
				t.Fatal("the creation did not fail")
			}
			next := failed
			if untaint {
				next = untainted(failed)
			}
			made, diags := driver.Converge(t.Context(), next, config)
			must(t, diags)
			if kept := made.ID() == failed.ID(); kept != untaint || sole(t, env).ID != made.ID() {
				t.Errorf("%s became %s", failed.ID(), made.ID())
			}
			env.ResetJournal()
			_, diags = driver.Plan(t.Context(), made, nil)
			expectPrevented(t, env, diags)
		})
	}
}
