package connectapi_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestConcurrentEdits: each edit writes the whole option map, so two side by
// side would undo each other.
func TestConcurrentEdits(t *testing.T) {
	t.Parallel()
	const edits = 20

	b := newBench(t, simulator.Config{})
	made := b.create(sheetsToHubSpot, true, false)
	var wg sync.WaitGroup

	for i := range edits {
		wg.Go(func() {
			step := connectapi.StepChange{Kind: connectapi.TriggerEvent, Set: map[string]string{fmt.Sprintf("key%d", i): "v"}}
			if i%2 == 1 {
				step.Kind = connectapi.ActionEvent
			}
			if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: []connectapi.StepChange{step}}); err != nil {
				t.Errorf("edit %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	held := b.held(made.ID)
	if got := len(held.Trigger.Options); got != edits/2+len(triggerOptions(sheetsToHubSpot)) {
		t.Errorf("%d options of the trigger are left: %v", got, held.Trigger.Options)
	}
	if got := len(held.Actions[0].Options); got != edits/2+len(actionOptions(sheetsToHubSpot, 0)) {
		t.Errorf("%d options of the action are left: %v", got, held.Actions[0].Options)
	}
}

// TestLockConnect: the wait ends with the context, other connects do not wait.
func TestLockConnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	release := must(b.LockConnect(t.Context(), "one"))(t)
	must(b.LockConnect(t.Context(), "two"))(t)()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.LockConnect(ctx, "one"); !errors.Is(err, context.Canceled) || !contains(err, "one") {
		t.Errorf("error: %v", err)
	}
	_, err := b.Apply(ctx, "one", nil, connectapi.Change{})
	if stopped, ok := errors.AsType[*connectapi.ChangeError](err); !ok || stopped.Stage != connectapi.StageRead || !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	if err := b.Remove(ctx, "one", false); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	if got := b.journal(); got != "" {
		t.Errorf("calls: %s", got)
	}

	release()
	must(b.LockConnect(t.Context(), "one"))(t)()
}

// TestFetchedOnce: metadata is fetched once per id, an error is not kept.
func TestFetchedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	m := b.match(sheetsToHubSpot)
	b.sim.AddFault(simulator.Fault{Operation: "get_app", Kind: simulator.FaultStatus})
	if _, err := b.App(t.Context(), m.Trigger.AppID); err == nil {
		t.Error("no error")
	}
	var wg sync.WaitGroup

	for range 10 {
		wg.Go(func() {
			_, appErr := b.App(t.Context(), m.Trigger.AppID)
			_, triggerErr := b.Event(t.Context(), connectapi.TriggerEvent, m.Trigger.EventID)
			_, actionErr := b.Event(t.Context(), connectapi.ActionEvent, m.Actions[0].EventID)
			_, matchErr := b.PopularMatch(t.Context(), m.ID)
			if err := errors.Join(appErr, triggerErr, actionErr, matchErr); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	counts := b.sim.RequestCounts()
	if counts["get_app"] != 2 || counts["get_trigger"] != 1 || counts["get_action"] != 1 || counts["get_popular_match"] != 1 {
		t.Errorf("calls: %v", counts)
	}
}
