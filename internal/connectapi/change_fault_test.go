package connectapi_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// wholeChange is every stage of a change, on a live connect.
func wholeChange(b *bench) connectapi.Change {
	return connectapi.Change{Name: "New", Steps: b.edits(typeformToTwo), Test: true, Enabled: new(true), Pause: true}
}

// TestApplyFaultAtEachCall lets each call of a whole change fail, in each way a
// call can fail, and asks whether the connect is off or as it was, whether the
// outcome says so, and whether the same change carries on afterwards.
func TestApplyFaultAtEachCall(t *testing.T) {
	t.Parallel()
	stages := []connectapi.Stage{
		connectapi.StageRead, connectapi.StageTurnOff, connectapi.StageRename, connectapi.StageEdit, connectapi.StageEdit,
		connectapi.StageEdit, connectapi.StageTest, connectapi.StageTurnOn,
	}
	operations := []string{
		"list_connects", "turn_off_connect", "update_connect_name", "edit_trigger_options", "edit_action_options",
		"edit_action_options", "run_test", "turn_on_connect",
	}

	for _, kind := range []simulator.FaultKind{
		simulator.FaultStatus, simulator.FaultHTML, simulator.FaultSuccessFalse, simulator.FaultMalformedBody,
		simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit,
	} {
		for i, stage := range stages {
			t.Run(string(kind)+" at "+operations[i]+" for "+string(stage), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, simulator.Config{RequireOffToEdit: true, Latency: 2 * time.Millisecond})
				made := b.create(typeformToTwo, true, true)
				b.sim.AddFault(simulator.Fault{
					Operation: operations[i], Kind: kind, Times: -1,
					// The same operation comes more than once: let those before pass.
					Skip: len(slices.DeleteFunc(slices.Clone(operations[:i]), func(op string) bool { return op != operations[i] })),
				})
				outcome, err := b.Apply(t.Context(), made.ID, nil, wholeChange(b))

				// The history tells what came of a test whose answer was lost.
				ran := kind == simulator.FaultResetAfterCommit || kind == simulator.FaultMalformedBody
				if stage != connectapi.StageTest || !ran {
					checkStopped(t, b, made.ID, outcome, err, stage)
				} else if err != nil || outcome.Test.Recovered == "" {
					t.Errorf("a test in the history: %v, %+v", err, outcome)
				}
				b.sim.ClearFaults()
				again, err := b.Apply(t.Context(), made.ID, nil, wholeChange(b))
				if held := b.held(made.ID); err != nil || !again.On || held.Status != simulator.StatusOn || held.Name != "New" {
					t.Errorf("the same change afterwards: %v, %+v", err, held)
				}
			})
		}
	}
}

func checkStopped(t *testing.T, b *bench, id string, outcome connectapi.Outcome, err error, stage connectapi.Stage) {
	t.Helper()
	stopped, ok := errors.AsType[*connectapi.ChangeError](err)
	if !ok || stopped.Stage != stage || outcome.Connect != nil {
		t.Fatalf("stopped by %v, want stage %q; outcome %+v", err, stage, outcome)
	}

	on := b.held(id).Status == simulator.StatusOn
	unknown := connectapi.OutcomeUnknown(err)
	if outcome.On != on && !unknown {
		t.Errorf("the outcome says on=%v, the service %v", outcome.On, on)
	}

	switch stage {
	case connectapi.StageRead:
		if !on || outcome.Paused {
			t.Errorf("touched before it was read: on=%v, outcome %+v", on, outcome)
		}
	case connectapi.StageTurnOff:
		if !on && !outcome.Paused || outcome.Renamed || slices.Contains(outcome.Edited, true) {
			t.Errorf("on=%v, outcome %+v", on, outcome)
		}
	case connectapi.StageTurnOn:
		// Everything before succeeded, so a connect that did turn on may stay on.
		if !outcome.Paused || !outcome.Tested || on && !unknown {
			t.Errorf("on=%v, outcome %+v", on, outcome)
		}
	case connectapi.StageVerify:
		if !on || outcome.Paused {
			t.Errorf("on=%v, outcome %+v", on, outcome)
		}
	case connectapi.StageRename, connectapi.StageEdit, connectapi.StageTest:
		if on || !outcome.Paused || outcome.On || outcome.Tested {
			t.Errorf("not left off: on=%v, outcome %+v", on, outcome)
		}
	}
	if stage == connectapi.StageEdit && outcome.Edited[stopped.Step] {
		t.Errorf("step %d failed and counts as edited", stopped.Step)
	}
}

// TestSwitchNotTaken covers a service that answers a switch with the connect as it
// was before: it is read. One that did not move is moved once more, and then it is
// an error.
func TestSwitchNotTaken(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		ignored     int
		wasOn, want bool
		operation   string
		change      connectapi.Change
		paused      bool
	}{
		"on":                {ignored: 2, operation: "turn_on_connect", change: connectapi.Change{Enabled: new(true)}},
		"off":               {ignored: 2, wasOn: true, want: true, operation: "turn_off_connect", change: connectapi.Change{Enabled: new(false)}},
		"on, after a pause": {ignored: 2, wasOn: true, operation: "turn_on_connect", change: connectapi.Change{Test: true, Pause: true}, paused: true},
		"taken at last":     {ignored: 1, want: true, operation: "turn_on_connect", change: connectapi.Change{Enabled: new(true)}},
		"taken":             {ignored: 0, want: true, operation: "turn_on_connect", change: connectapi.Change{Enabled: new(true)}},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{Quirks: []simulator.Quirk{simulator.QuirkSwitchAnswersBefore}}, quick)
			made := b.create(sheetsToHubSpot, true, tc.wasOn)
			if tc.ignored > 0 {
				b.sim.AddFault(simulator.Fault{Operation: tc.operation, Kind: simulator.FaultNotApplied, Times: tc.ignored})
			}
			outcome, err := b.Apply(t.Context(), made.ID, nil, tc.change)
			if failed := tc.ignored == 2; failed != errors.Is(err, connectapi.ErrNotTaken) || !failed && err != nil || failed != (outcome.Connect == nil) {
				t.Errorf("error: %v", err)
			}
			on := b.held(made.ID).Status == simulator.StatusOn
			if on != tc.want || outcome.On != on || outcome.Paused != tc.paused {
				t.Errorf("on=%v, outcome %+v", on, outcome)
			}
		})
	}
}

// TestRemoveFaults covers a connect that is already gone and one that cannot be
// turned off: it must not be deleted while it may still run.
func TestRemoveFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	if err := b.Remove(t.Context(), "0123456789abcdef01234567", false); !connectapi.IsNotFound(err) {
		t.Errorf("a connect that is gone: %v", err)
	}

	made := b.create(sheetsToHubSpot, true, true)
	b.sim.AddFault(simulator.Fault{Operation: "turn_off_connect", Kind: simulator.FaultStatus})
	if err := b.Remove(t.Context(), made.ID, false); err == nil || b.sim.RequestCounts()["delete_connect"] != 0 {
		t.Errorf("deleted although turning off failed: %v", err)
	}
}
