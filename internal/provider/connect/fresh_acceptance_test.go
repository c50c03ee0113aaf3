package connect_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAccFreshConnectIsNotGone: the run after the one that made a connect begins
// before the service lists it. What the first run recorded keeps it from being
// taken for gone, and made a second time.
func TestAccFreshConnectIsNotGone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Lag.Listings = 3 }))
	tool := env.Project(t, map[string]string{"main.tf": killedConfiguration(t, env)})
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	sole(t, env)
}
