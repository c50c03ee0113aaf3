package connectapi_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// member is one of several changes that meet, and what came of it.
type member struct {
	change  connectapi.Change
	ctx     context.Context //nolint:containedctx // each member has one of its own.
	outcome connectapi.Outcome
	err     error
}

// edit is a change of one step that pauses the connect: 0 is the trigger, the
// others are the actions.
func edit(step int, key, value string) connectapi.Change {
	change := connectapi.StepChange{Kind: connectapi.TriggerEvent, Set: map[string]string{key: value}}
	if step > 0 {
		change.Kind, change.Position = connectapi.ActionEvent, step-1
	}
	return connectapi.Change{Pause: true, Steps: []connectapi.StepChange{change}}
}

// editsOf are one edit of each step of the connects that these tests are about.
func editsOf(t *testing.T) []*member {
	t.Helper()
	var members []*member
	for step := range 3 {
		members = append(members, &member{change: edit(step, "note", fmt.Sprint(step)), ctx: t.Context()})
	}
	return members
}

// meet has changes of a connect wait for each other in their order, and lets them
// go when all are there.
func (b *bench) meet(id string, members ...*member) {
	b.t.Helper()
	release := must(b.LockConnect(b.t.Context(), id))(b.t)
	var wg sync.WaitGroup
	for i, m := range members {
		wg.Go(func() { m.outcome, m.err = b.Apply(m.ctx, id, nil, m.change) })
		for deadline := time.Now().Add(bounded); b.Waiting(id) <= i; runtime.Gosched() {
			if time.Now().After(deadline) {
				b.t.Fatalf("%d changes wait, want %d", b.Waiting(id), i+1)
			}
		}
	}
	release()
	wg.Wait()
}

// note is the option that a member writes.
func (m *member) note(held simulator.Connect) string {
	if step := m.change.Steps[0]; step.Kind == connectapi.ActionEvent {
		return held.Actions[step.Position].Options["note"]
	}
	return held.Trigger.Options["note"]
}

func TestChangesThatMeetShareAPause(t *testing.T) {
	t.Parallel()
	const list, off, on = "list_connects", "turn_off_connect", "turn_on_connect"
	const trigger, action, test, name = "edit_trigger_options", "edit_action_options", "get_connect_history run_test", "update_connect_name"
	with := func(change connectapi.Change, more func(*connectapi.Change)) connectapi.Change {
		more(&change)
		return change
	}
	for label, tc := range map[string]struct {
		off     bool
		changes []connectapi.Change
		want    []string
		wantOff bool
	}{
		"alone":               {changes: []connectapi.Change{edit(0, "a", "1")}, want: []string{list, off, trigger, on, list}},
		"trigger and action":  {changes: []connectapi.Change{edit(0, "a", "1"), edit(1, "a", "1")}, want: []string{list, off, trigger, action, on, list}},
		"one step twice":      {changes: []connectapi.Change{edit(1, "a", "1"), edit(1, "b", "1")}, want: []string{list, off, action, action, on, list}},
		"of one that is off":  {off: true, changes: []connectapi.Change{edit(0, "a", "1"), edit(1, "a", "1")}, want: []string{list, trigger, action}, wantOff: true},
		"the first must not":  {changes: []connectapi.Change{with(edit(0, "a", "1"), func(c *connectapi.Change) { c.Pause = false }), edit(1, "a", "1")}, want: []string{list, trigger, off, action, on, list}},
		"the second must not": {changes: []connectapi.Change{edit(0, "a", "1"), with(edit(1, "a", "1"), func(c *connectapi.Change) { c.Pause = false }), edit(2, "a", "1")}, want: []string{list, off, trigger, action, on, list, action}},
		"one tests": {
			changes: []connectapi.Change{edit(0, "a", "1"), with(edit(1, "a", "1"), func(c *connectapi.Change) { c.Test = true }), edit(2, "a", "1")},
			want:    []string{list, off, trigger, action, on, list, off, action, test, on, list},
		},
		"one renames": {
			changes: []connectapi.Change{edit(0, "a", "1"), {Name: "New", Pause: true}, edit(2, "a", "1")},
			want:    []string{list, off, trigger, action, on, list, name},
		},
		"one turns off": {
			changes: []connectapi.Change{edit(0, "a", "1"), {Enabled: new(false)}, edit(2, "a", "1")},
			want:    []string{list, off, trigger, action, on, list, off}, wantOff: true,
		},
		"one turns on": {
			off: true, changes: []connectapi.Change{edit(0, "a", "1"), {Enabled: new(true)}, edit(2, "a", "1"), edit(1, "a", "1")},
			want: []string{list, trigger, on, off, action, action, on, list},
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			made := b.create(typeformToTwo, true, !tc.off)
			var members []*member
			for _, change := range tc.changes {
				members = append(members, &member{change: change, ctx: t.Context()})
			}
			b.meet(made.ID, members...)
			if got, want := b.journal(), strings.Join(tc.want, " "); got != want {
				t.Errorf("calls\n got %s\nwant %s", got, want)
			}
			if isOff := b.held(made.ID).Status == simulator.StatusOff; isOff != tc.wantOff {
				t.Errorf("it is off: %t, want %t", isOff, tc.wantOff)
			}
			for i, m := range members {
				if m.err != nil || m.outcome.Connect == nil || m.outcome.Paused || slices.Contains(m.outcome.Edited, false) {
					t.Errorf("change %d: %v, %+v", i, m.err, m.outcome)
				}
			}
		})
	}
}

// TestTenChangesShareAPause: none is lost, none waits for ever.
func TestTenChangesShareAPause(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{RequireOffToEdit: true})
	made := b.create(typeformToTwo, true, true)
	var members []*member
	for i := range 10 {
		members = append(members, &member{change: edit(i%3, fmt.Sprintf("key%d", i), "v"), ctx: t.Context()})
	}
	b.meet(made.ID, members...)
	counts, held := b.sim.RequestCounts(), b.held(made.ID)
	if counts["turn_off_connect"] != 1 || counts["turn_on_connect"] != 1 || held.Status != simulator.StatusOn {
		t.Errorf("it is %s after %v", held.Status, counts)
	}
	steps := []simulator.Step{held.Trigger, held.Actions[0], held.Actions[1]}
	for i, m := range members {
		if m.err != nil || !m.outcome.On || steps[i%3].Options[fmt.Sprintf("key%d", i)] != "v" {
			t.Errorf("change %d: %v, %+v", i, m.err, m.outcome)
		}
	}
}

// checkMet holds what is left to what the members say of it: no half-written
// connect is on, no success is reported of one that is off, and somebody remembers
// to turn it on.
func checkMet(t *testing.T, b *bench, id string, members []*member) {
	t.Helper()
	held, remembered := b.held(id), false
	on := held.Status == simulator.StatusOn
	for i, m := range members {
		remembered = remembered || m.outcome.Paused
		edited := len(m.outcome.Edited) > 0 && m.outcome.Edited[0]
		switch {
		case m.err == nil && (!on || !edited || m.outcome.Paused || m.outcome.Connect == nil):
			t.Errorf("change %d succeeds, the connect is on: %t, outcome %+v", i, on, m.outcome)
		case edited && m.note(held) == "":
			t.Errorf("change %d was not written: %+v", i, m.outcome)
		case on && m.note(held) != "" && !edited:
			t.Errorf("the connect is on, and change %d does not know that it wrote it: %v", i, m.err)
		}
		if _, ok := errors.AsType[*connectapi.ChangeError](m.err); m.err != nil && !ok {
			t.Errorf("change %d: %v", i, m.err)
		}
	}
	if !on && !remembered {
		t.Error("the connect is off, and nobody remembers that")
	}
}

// checkRepaired does what the next apply does with each member.
func checkRepaired(t *testing.T, b *bench, id string, members []*member) {
	t.Helper()
	for _, m := range members {
		if m.outcome.Paused {
			m.change.Enabled = new(true)
		}
		if len(m.outcome.Edited) > 0 && m.outcome.Edited[0] {
			m.change.Steps = nil
		}
		m.ctx = t.Context()
	}
	// The next apply is a process of its own.
	b.Client = newClient(t, b.sim.APIURL(), func(c *connectapi.Config) { c.Tokens = staticToken(t, b.sim.IssueAccessToken()) })
	b.meet(id, members...)
	for i, m := range members {
		if m.err != nil {
			t.Errorf("change %d afterwards: %v", i, m.err)
		}
	}
	held := b.held(id)
	if held.Status != simulator.StatusOn || held.Trigger.Options["note"] == "" || held.Actions[0].Options["note"] == "" || held.Actions[1].Options["note"] == "" {
		t.Errorf("afterwards: %+v", held)
	}
}

// callsThatMeet are the calls of three changes that share a pause, and
// callsThatRead those where the answer to an edit does not show the connect.
func callsThatMeet() []string {
	return []string{
		"list_connects", "turn_off_connect", "edit_trigger_options", "edit_action_options", "edit_action_options",
		"turn_on_connect", "list_connects",
	}
}

func callsThatRead() []string {
	return []string{
		"list_connects", "turn_off_connect", "edit_trigger_options", "list_connects", "edit_action_options", "list_connects",
		"edit_action_options", "turn_on_connect", "list_connects",
	}
}

// before is how many calls of the same operation come before one of them.
func before(calls []string, call int) int {
	return len(slices.DeleteFunc(slices.Clone(calls[:call]), func(op string) bool { return op != calls[call] }))
}

// TestFaultAtEachCallOfASharedPause breaks one call for good.
func TestFaultAtEachCallOfASharedPause(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.FaultKind{
		simulator.FaultStatus, simulator.FaultHTML, simulator.FaultSuccessFalse, simulator.FaultMalformedBody,
		simulator.FaultResetBeforeCommit, simulator.FaultResetAfterCommit, simulator.FaultNotApplied,
	} {
		for call, operation := range callsThatMeet() {
			if kind == simulator.FaultNotApplied && !strings.HasPrefix(operation, "turn_") {
				continue
			}
			t.Run(fmt.Sprintf("%s at call %d, %s", kind, call, operation), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, simulator.Config{RequireOffToEdit: true, Latency: 2 * time.Millisecond}, quick)
				made := b.create(typeformToTwo, true, true)
				b.sim.AddFault(simulator.Fault{Operation: operation, Kind: kind, Skip: before(callsThatMeet(), call), Times: -1})
				members := editsOf(t)
				b.meet(made.ID, members...)
				checkMet(t, b, made.ID, members)
				b.sim.ClearFaults()
				checkRepaired(t, b, made.ID, members)
			})
		}
	}
}

// TestCancelInASharedPause cancels one of the changes while a call is answered. Only
// one that may be half-written keeps the connect off; the others go on.
func TestCancelInASharedPause(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		quirks []simulator.Quirk
		calls  []string
	}{
		"answers show the connect":   {calls: callsThatMeet()},
		"answers show the id of one": {quirks: []simulator.Quirk{simulator.QuirkEditAnswersID}, calls: callsThatRead()},
	} {
		for canceled := range 3 {
			for call, operation := range tc.calls {
				t.Run(fmt.Sprintf("%s/change %d at call %d, %s", name, canceled, call, operation), func(t *testing.T) {
					t.Parallel()
					cancelAt(t, simulator.Config{RequireOffToEdit: true, Quirks: tc.quirks}, canceled, tc.calls, call)
				})
			}
		}
	}
}

func cancelAt(t *testing.T, cfg simulator.Config, canceled int, calls []string, call int) {
	t.Helper()
	members := editsOf(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	members[canceled].ctx = ctx
	var mu sync.Mutex
	skip, armed := before(calls, call), false
	cfg.Observe = func(x simulator.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		if !armed || x.Operation != calls[call] {
			return
		}
		if skip--; skip == -1 {
			cancel()
		}
	}
	b := newBench(t, cfg, quick)
	made := b.create(typeformToTwo, true, true)
	mu.Lock()
	armed = true
	mu.Unlock()
	b.meet(made.ID, members...)
	if ctx.Err() == nil {
		t.Fatalf("nothing was canceled, so the test proves nothing: %s", b.journal())
	}
	checkMet(t, b, made.ID, members)
	// An answer may be faster than the cancellation, so that it shows later.
	stopped, _ := errors.AsType[*connectapi.ChangeError](members[canceled].err)
	halfWritten := stopped != nil && members[canceled].outcome.Paused && (stopped.Stage == connectapi.StageEdit || stopped.Stage == connectapi.StageTurnOff)
	if on := b.held(made.ID).Status == simulator.StatusOn; on == halfWritten {
		t.Errorf("the connect is on: %t", on)
	}
	for i, m := range members {
		_, leftOff := errors.AsType[*connectapi.LeftOffError](m.err)
		if i != canceled && (leftOff != halfWritten || m.err != nil && !leftOff) {
			t.Errorf("change %d: %v", i, m.err)
		}
	}
	checkRepaired(t, b, made.ID, members)
}

// TestRefusedInASharedPause: everything is written, and each change learns that the
// connect cannot be turned on.
func TestRefusedInASharedPause(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{RequireTestToTurnOn: true})
	made := b.create(typeformToTwo, true, true)
	members := editsOf(t)
	b.meet(made.ID, members...)
	for i, m := range members {
		change, ok := errors.AsType[*connectapi.ChangeError](m.err)
		if !ok || change.Stage != connectapi.StageTurnOn || !errors.Is(m.err, connectapi.ErrInvalid) || !m.outcome.Paused {
			t.Errorf("change %d: %v, %+v", i, m.err, m.outcome)
		}
	}
	checkMet(t, b, made.ID, members)
}

// TestImpossibleInASharedPause: a change that cannot be carried out has written
// nothing, so it keeps nobody from turning the connect on, and ends no pause.
func TestImpossibleInASharedPause(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{RequireOffToEdit: true})
	made := b.create(typeformToTwo, true, true)
	members := editsOf(t)
	members[1].change = edit(3, "note", "3")
	b.meet(made.ID, members...)
	if counts := b.sim.RequestCounts(); b.held(made.ID).Status != simulator.StatusOn || counts["turn_off_connect"] != 1 {
		t.Errorf("the connect is %s after %v", b.held(made.ID).Status, counts)
	}
	for i, m := range members {
		_, missing := errors.AsType[*connectapi.StepNotFoundError](m.err)
		if missing != (i == 1) || m.err != nil && !missing || m.outcome.Paused {
			t.Errorf("change %d: %v, %+v", i, m.err, m.outcome)
		}
	}
}

// TestLastOneOfASharedPause: when all others are gone, a change turns the connect on
// although it cannot be carried out itself, or remembers that it could not.
func TestLastOneOfASharedPause(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"turns it on": false, "cannot": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var listings atomic.Int32
			b := newBench(t, simulator.Config{RequireOffToEdit: true, Quirks: []simulator.Quirk{simulator.QuirkEditAnswersID}, Observe: func(x simulator.Exchange) {
				// The first one reads the connect, and so does the second.
				if x.Operation == "list_connects" && listings.Add(1) == 2 {
					cancel()
				}
			}}, quick)
			made := b.create(typeformToTwo, true, true)
			if refused {
				b.sim.AddFault(simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultStatus, Times: -1})
			}
			first, last := &member{change: edit(0, "note", "0"), ctx: ctx}, &member{change: edit(3, "note", "3"), ctx: t.Context()}
			b.meet(made.ID, first, last)
			on := b.held(made.ID).Status == simulator.StatusOn
			if on == refused && !first.outcome.Paused || on == (first.outcome.Paused || last.outcome.Paused) {
				t.Errorf("the connect is on: %t\nfirst: %v, %+v\nlast: %v, %+v", on, first.err, first.outcome, last.err, last.outcome)
			}
			if _, missing := errors.AsType[*connectapi.StepNotFoundError](last.err); !missing || !errors.Is(first.err, context.Canceled) {
				t.Errorf("first: %v; last: %v", first.err, last.err)
			}
		})
	}
}
