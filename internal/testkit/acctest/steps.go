package acctest

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Test runs steps with the real Terraform. Afterwards everything is destroyed
// and the service must hold exactly the connects that it held before. After each
// step that applies a configuration the plan must be empty and no secret may be
// in the state or in the changes of the plan.
//
// The test calls t.Parallel itself.
func (e *Env) Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	before := e.connectIDs(t)
	for i := range steps {
		if applies(steps[i]) {
			steps[i].ConfigStateChecks = append(steps[i].ConfigStateChecks, e.canaries)
			steps[i].ConfigPlanChecks.PreApply = append(steps[i].ConfigPlanChecks.PreApply, planCanaries{e.canaries})
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: e.Factories(),
		Steps:                    steps,
		CheckDestroy:             func(*terraform.State) error { return e.unchanged(t, before) },
	})
}

// applies reports whether a step applies a configuration and goes on from there.
func applies(step resource.TestStep) bool {
	return step.Config != "" && !step.ImportState && !step.RefreshState && !step.Destroy && !step.PlanOnly && step.ExpectError == nil
}

// connectIDs maps the ids of all connects to their names.
func (e *Env) connectIDs(t *testing.T) map[string]string {
	t.Helper()
	held := map[string]string{}
	if e.Sim != nil {
		for _, connect := range e.Sim.Connects() {
			held[connect.ID] = connect.Name
		}
		return held
	}
	connects, err := e.Client(t).Connects(t.Context())
	if err != nil {
		t.Fatalf("list the connects of the account: %v", err)
	}
	for _, connect := range connects {
		held[connect.ID] = connect.Name
	}
	return held
}

// unchanged compares the connects of the service with those of before.
func (e *Env) unchanged(t *testing.T, before map[string]string) error {
	t.Helper()
	if after := e.connectIDs(t); !maps.Equal(before, after) {
		return fmt.Errorf("connects that were left behind (+), or are gone though nobody managed them (-), by their ids:\n%s", cmp.Diff(before, after))
	}
	return nil
}
