package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestLostTestIsNotRepeated: the apply goes on with what the history says of a
// test whose answer was lost, and says so.
func TestLostTestIsNotRepeated(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Latency = 2 * time.Millisecond }))
	if env.Dialect() == simulator.DialectRPC {
		t.Skip("edits of this service do not answer the connect, so nobody knows what in the history came after them")
	}
	driver := impatient(t, env)
	config := with(leads(t, env), map[string]any{"run_test": true})
	env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultResetAfterCommit, Times: -1})

	created, diags := driver.Create(t.Context(), "appypie_connect", config)
	must(t, diags)
	if text := diags.String(); !strings.Contains(text, "history of the connect says success") || !strings.Contains(text, "AP1217") {
		t.Errorf("diagnostics:\n%s", text)
	}
	if tests := env.Sim.RequestCounts()["run_test"]; tests != 1 || sole(t, env).Status != simulator.StatusOn {
		t.Errorf("%d tests, and the connect is %s", tests, sole(t, env).Status)
	}
	driver.MustPlanNothing(t.Context(), created, config)
}
