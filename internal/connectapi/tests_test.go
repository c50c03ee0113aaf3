package connectapi_test

import (
	"errors"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestLostTestIsLookedUp: a test whose answer is lost is not run again; the
// history says what came of it.
func TestLostTestIsLookedUp(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		test, history simulator.FaultKind
		broken, on    bool
		err           error
		recovered     bool
	}{
		"it succeeded":              {test: simulator.FaultResetAfterCommit, recovered: true},
		"it failed":                 {test: simulator.FaultResetAfterCommit, broken: true, recovered: true},
		"it never ran":              {test: simulator.FaultResetBeforeCommit, err: connectapi.ErrTestUnknown},
		"there is no history":       {test: simulator.FaultResetAfterCommit, history: simulator.FaultHTML, err: connectapi.ErrTestUnknown},
		"the connect may have run":  {test: simulator.FaultResetAfterCommit, on: true, err: connectapi.ErrTestUnknown},
		"its answer cannot be read": {test: simulator.FaultMalformedBody, recovered: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{Latency: 2 * time.Millisecond}, quick)
			made := b.create(sheetsToHubSpot, true, tc.on)
			if tc.broken {
				b.sim.SetAccountStatus(b.held(made.ID).Trigger.AccountID, simulator.AccountExpired)
			}
			b.sim.AddFault(simulator.Fault{Operation: "run_test", Kind: tc.test, Times: -1})
			if tc.history != "" {
				b.sim.AddFault(simulator.Fault{Operation: "get_connect_history", Kind: tc.history, Times: -1})
			}
			outcome, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Test: true})
			var failed *connectapi.TestFailedError
			switch {
			case tc.err != nil && !errors.Is(err, tc.err), tc.err == nil && !tc.broken && err != nil, tc.broken && !errors.As(err, &failed):
				t.Errorf("error %v", err)
			case (outcome.Test != nil && outcome.Test.Recovered != "") != tc.recovered || outcome.Tested != (tc.recovered && !tc.broken):
				t.Errorf("outcome %+v", outcome)
			}
			if calls := b.sim.RequestCounts()["run_test"]; calls != 1 {
				t.Errorf("the test was asked for %d times", calls)
			}
		})
	}
}
