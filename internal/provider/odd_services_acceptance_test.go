package provider_test

import (
	"net/http"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAccOddServices has Terraform create, plan and destroy connects of a service
// that answers pages of two and is odd in one more way: exactly as many connects as
// declared, an empty plan, and then none.
func TestAccOddServices(t *testing.T) {
	t.Parallel()
	const many, list = 5, "list_connects"
	for name, tc := range map[string]struct {
		configure func(*simulator.Config)
		fault     simulator.Fault
	}{
		"every second answer is cut":           {fault: simulator.Fault{Operation: list, Kind: simulator.FaultCutBody, Each: 2, Times: -1}},
		"the listing shrinks while it is read": {fault: simulator.Fault{Operation: list, Kind: simulator.FaultShiftedPage, Each: 3, Times: -1}},
		"page 2 fails twice": {fault: simulator.Fault{
			Operation: list, Kind: simulator.FaultStatus, Status: http.StatusInternalServerError, Times: 2,
			Match: func(e simulator.Entry) bool { return e.Query.Get("page") == "2" },
		}},
		"a fresh id is not found twice": {configure: func(c *simulator.Config) { c.Lag.Requests = 2 }},
		"no total":                      {configure: func(c *simulator.Config) { c.Quirks = []simulator.Quirk{simulator.QuirkNoTotal} }},
		"as assumed":                    {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) {
				c.PageLimit = 2
				if tc.configure != nil {
					tc.configure(c)
				}
			}))
			if tc.fault.Operation != "" {
				env.Sim.AddFault(tc.fault)
			}
			tool := env.Project(t, map[string]string{"main.tf": manyConnects(t, env, many)})
			for _, args := range [][]string{{"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}, {"destroy", "-auto-approve"}} {
				output, err := tool.Run(t.Context(), append(args, "-input=false")...)
				if err != nil {
					t.Fatalf("%s: %v\n%s", args[0], err, output)
				}
				want := many
				if args[0] == "destroy" {
					want = 0
				}
				if got := len(env.Sim.Connects()); got != want {
					t.Fatalf("after %s the service has %d connects, want %d\n%s", args[0], got, want, output)
				}
			}
		})
	}
}
