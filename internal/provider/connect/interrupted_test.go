package connect_test

import (
	"context"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestInterruptedCreationIsInTheState: Ctrl-C while a connect is being created
// comes before the next call, and the state has the id all the same.
func TestInterruptedCreationIsInTheState(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()

	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) {
		c.Observe = func(x simulator.Exchange) {
			if x.Operation == "create_connect" {
				interrupt()
			}
		}
	}))
	driver := impatient(t, env)
	config := leads(t, env)

	plan, diags := driver.Plan(t.Context(), driver.Absent("appypie_connect"), config)
	must(t, diags)
	created, diags := driver.Apply(ctx, plan)
	if len(diags.Errors()) != 1 || created.ID() != sole(t, env).ID {
		t.Fatalf("the state has %q; diagnostics:\n%s", created.ID(), diags)
	}

	converged, diags := driver.Converge(t.Context(), created, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), converged, config)
	sole(t, env)
}
