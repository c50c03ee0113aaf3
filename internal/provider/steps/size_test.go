package steps_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestStateBudget holds the state of a step to its size: Terraform reads and writes
// all of it in each run. An attribute more costs each of many connects something, so
// it must be worth that.
func TestStateBudget(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start func(*testing.T, *acctest.Env) target
		most  int
	}{
		"trigger": {sheetsTrigger, 269},
		"action":  {webhookAction, 283},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			g := tc.start(t, env)
			driver := env.Driver(t)
			held := applied(t, driver, driver.Absent(g.typeName), g)
			if got := len(held.Stored()); got > tc.most {
				t.Errorf("the state has %d bytes, at most %d: %s", got, tc.most, held.Stored())
			}
		})
	}
}
