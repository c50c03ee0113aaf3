package connect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestActivationFaults breaks one request of each change. Afterwards the
// connect is off or as it was, the state says so, and the next apply brings
// about what was wanted.
func TestActivationFaults(t *testing.T) {
	t.Parallel()
	const (
		list = "list_connects"
		test = "run_test"
		on   = "turn_on_connect"
		off  = "turn_off_connect"
	)
	kinds := []simulator.FaultKind{
		simulator.FaultStatus, simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit, simulator.FaultHTML, simulator.FaultSuccessFalse,
	}

	for name, tc := range map[string]struct {
		// first is applied before; nil means that the activation is new.
		first, second map[string]any
		live          bool
		operations    []string
		wantOn        bool
	}{
		"create":           {second: map[string]any{"run_test": true}, operations: []string{test, on}, wantOn: true},
		"create on a live": {second: map[string]any{"run_test": true}, live: true, operations: []string{off, test, on}, wantOn: true},
		"test again":       {first: revisions(true, "1"), second: revisions(true, "2"), operations: []string{off, test, on}, wantOn: true},
		"turn on":          {first: map[string]any{"enabled": false}, second: map[string]any{}, operations: []string{on}, wantOn: true},
		"turn off":         {first: map[string]any{}, second: map[string]any{"enabled": false}, operations: []string{off}},
		"destroy":          {first: map[string]any{}, operations: []string{off}},
	} {
		var faults []simulator.Fault
		faults = append(faults, simulator.Fault{Operation: list, Kind: simulator.FaultStatus})
		for _, operation := range tc.operations {
			for _, kind := range kinds {
				faults = append(faults, simulator.Fault{Operation: operation, Kind: kind})
			}
		}

		for _, fault := range faults {
			t.Run(fmt.Sprintf("%s/%s/%s/%d", name, fault.Operation, fault.Kind, fault.Skip), func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Latency = 2 * time.Millisecond }))
				skipUnmet(t, env, fault)
				connectID := map[string]any{"connect_id": ready(t, env).ID}
				driver := impatient(t, env)
				held := driver.Absent(activationType)
				if tc.first != nil {
					var diags acctest.Diagnostics
					held, diags = driver.Create(t.Context(), activationType, with(tc.first, connectID))
					must(t, diags)
				}
				if tc.live {
					flip(t, env, simulator.StatusOn)
				}
				if tc.second == nil {
					destroyDespite(t, env, driver, held, fault)
					return
				}
				applyDespite(t, env, driver, held, with(tc.second, connectID), fault)
				if got := sole(t, env).Status == simulator.StatusOn; got != tc.wantOn {
					t.Errorf("the connect is on: %t, want %t", got, tc.wantOn)
				}
			})
		}
	}
}

func applyDespite(t *testing.T, env *acctest.Env, driver *acctest.Driver, held *acctest.Resource, config map[string]any, fault simulator.Fault) {
	t.Helper()
	before := sole(t, env)

	plan, diags := driver.Plan(t.Context(), held, config)
	must(t, diags)
	env.Sim.AddFault(fault)
	failed, diags := driver.Apply(t.Context(), plan)
	if heals(fault.Operation, fault.Kind) {
		must(t, diags)
	} else {
		wantOneError(t, env, diags)
	}
	tested := plan.Get("run_test") == true && plan.Get("enabled") == true
	if after := sole(t, env); after.Status == simulator.StatusOn && before.Status == simulator.StatusOff && tested && !after.Tested {
		t.Error("the connect is on, and its test did not succeed")
	}

	if failed.Exists() {
		switched := failed.Get("enabled")
		read, diags := driver.Read(t.Context(), failed)
		must(t, diags)

		// Only when the answer itself was lost may the state be wrong until it
		// is refreshed.
		if read.Get("enabled") != switched && fault.Kind != simulator.FaultResetAfterCommit {
			t.Errorf("the state says enabled = %v, the service %v", switched, read.Get("enabled"))
		}
	}
	env.ResetJournal()

	after, diags := driver.Converge(t.Context(), failed, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), after, config)
	if revised := held.Exists() && !cmp.Equal(plan.Get("revisions"), held.Get("revisions")); revised && !sole(t, env).Tested {
		t.Error("the revision that failed was never tested")
	}
}

func destroyDespite(t *testing.T, env *acctest.Env, driver *acctest.Driver, held *acctest.Resource, fault simulator.Fault) {
	t.Helper()
	env.Sim.AddFault(fault)

	failed, diags := driver.Destroy(t.Context(), held)
	wantOneError(t, env, diags)
	if !failed.Exists() {
		t.Error("a failed destruction left the state")
	}

	gone, diags := driver.Destroy(t.Context(), failed)
	must(t, diags)
	if gone.Exists() || sole(t, env).Status != simulator.StatusOff {
		t.Errorf("destroyed: %v, and the connect is %s", gone.Attributes, sole(t, env).Status)
	}
}
