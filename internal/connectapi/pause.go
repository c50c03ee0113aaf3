package connectapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// pause is the time for which a connect is off because of several changes that
// came at once: the first turns it off, the last turns it on. Nobody waits for a
// change that has not come yet.
//
// At each moment one change answers for the pause: the one that holds the lock. It
// hands both on, or turns the connect on, or its outcome says that it is off. The
// changes before it wait for the end, so that none of them reports success too
// early.
type pause struct {
	// members have written what they had to and wait for the end. keyedLocks.mu
	// guards them.
	members []*waiter
	// done is closed at the end; until then nobody reads end.
	done chan struct{}
	end  pauseEnd
}

// pauseEnd is how a pause ended, as each member reports it.
type pauseEnd struct {
	on, paused bool
	err        error
}

// LeftOffError tells that a change wrote what it had to, and that the connect is
// left off all the same: another change of it, at the same time, failed half-way.
// That one says so in its own outcome, and has to turn the connect on once it
// succeeds.
type LeftOffError struct {
	// Reason is what the other change said. It is no cause of this error: whoever
	// asks must not take it for a refusal to turn the connect on.
	Reason string
}

// Error implements error.
func (e *LeftOffError) Error() string {
	return "it stays off, because another change of the connect failed at the same time: " + e.Reason
}

func leftOff(cause error) error {
	return &ChangeError{Stage: StageTurnOn, Err: &LeftOffError{Reason: cause.Error()}}
}

// handOn gives the lock and the pause to the next change that takes it over, and
// has this one wait for the end. It reports whether there is such a change.
func (l *keyedLock) handOn() bool {
	l.locks.mu.Lock()
	defer l.locks.mu.Unlock()
	next := l.next(func(w *waiter) bool { return w.joins })
	if next == nil {
		return false
	}
	if l.pause == nil {
		l.pause = &pause{done: make(chan struct{})}
	}
	l.pause.members = append(l.pause.members, l.self)
	l.held = false
	next.turn <- l.pause
	return true
}

// giveUp gives the lock and the pause to another change, one that waits for the
// lock or for the end. It reports whether there is one.
func (l *keyedLock) giveUp() bool {
	l.locks.mu.Lock()
	defer l.locks.mu.Unlock()
	if l.pause == nil {
		return false
	}
	next := l.next(func(w *waiter) bool { return w.joins })
	if last := len(l.pause.members) - 1; next == nil && last >= 0 {
		next = l.pause.members[last]
		l.pause.members = l.pause.members[:last]
	}
	if next == nil {
		return false
	}
	l.held = false
	next.turn <- l.pause
	return true
}

// await waits for the end of a pause that was handed on. back means that this
// change answers for it again. After an error others do.
func (l *keyedLock) await(ctx context.Context) (back bool, err error) {
	select {
	case <-l.pause.done:
		return false, nil
	case <-l.self.turn:
		l.held = true
		return true, nil
	case <-ctx.Done():
	}
	l.locks.mu.Lock()
	defer l.locks.mu.Unlock()
	if i := slices.Index(l.pause.members, l.self); i >= 0 {
		l.pause.members = slices.Delete(l.pause.members, i, i+1)
		return false, ctx.Err()
	}
	select {
	case <-l.self.turn:
		l.held = true
		return true, nil
	case <-l.pause.done:
		return false, nil
	}
}

// finish ends the pause for all who wait for that.
func (l *keyedLock) finish(end pauseEnd) {
	if l.pause == nil {
		return
	}
	l.locks.mu.Lock()
	defer l.locks.mu.Unlock()
	l.pause.members, l.pause.end = nil, end
	close(l.pause.done)
}

// joins reports whether a change takes over the pause of another one, and hands its
// own on. One that tests, renames or moves the switch stands alone.
func (c Change) joins() bool {
	return c.Pause && len(c.Steps) > 0 && !c.Test && c.Enabled == nil && c.Name == ""
}

// takeOver begins a change in the pause of another one.
func (r *changeRun) takeOver() {
	r.wasOn, r.paused = true, true
	r.outcome.Paused = true
}

// settle turns the connect on, or leaves that to a change that waits for the lock
// and needs it off, too.
func (r *changeRun) settle(ctx context.Context) error {
	for r.paused && !r.outcome.On && r.change.joins() && r.lock.handOn() {
		back, err := r.lock.await(ctx)
		if err != nil {
			r.outcome.Paused = false
			return &ChangeError{Stage: StageTurnOn, Err: fmt.Errorf("wait for another change of the connect, which turns it on: %w", err)}
		}
		if !back {
			return r.ended(ctx, r.lock.pause.end)
		}
	}
	return r.resume(ctx)
}

// resume turns the connect on and reads it. A change that is canceled meanwhile
// leaves that to those that wait for it.
func (r *changeRun) resume(ctx context.Context) error {
	err := r.turnOn(ctx)
	if err == nil {
		err = r.verify(ctx)
	}
	if err != nil && ctx.Err() != nil && r.lock.giveUp() {
		r.outcome.Paused = false
		return err
	}
	r.lock.finish(pauseEnd{on: r.outcome.On, paused: r.outcome.Paused, err: err})
	return err
}

// ended takes over how the pause ended that this change had handed on, and reads
// the connect.
func (r *changeRun) ended(ctx context.Context, end pauseEnd) error {
	r.outcome.On, r.outcome.Paused = end.on, end.paused
	if end.err != nil {
		return end.err
	}
	connect, err := r.client.settled(ctx, r.current.ID, r.showsChange)
	if err != nil {
		return &ChangeError{Stage: StageVerify, Err: err}
	}
	r.outcome.Connect = connect
	return nil
}

// stop ends a change that failed before the connect was to be turned on. A change
// that wrote leaves the connect off, as it would alone; one that wrote nothing
// leaves the pause to others, or turns the connect on if there are none.
func (r *changeRun) stop(ctx context.Context, cause error) error {
	switch {
	case r.lock.pause == nil:
		return cause
	case r.wrote:
		r.lock.finish(pauseEnd{err: leftOff(cause)})
		return cause
	case r.lock.giveUp():
		r.outcome.Paused = false
		return cause
	}
	r.edits = nil
	err := r.resume(ctx)
	r.outcome.Connect = nil
	if failed, ok := errors.AsType[*ChangeError](cause); ok && err != nil {
		return &ChangeError{Stage: failed.Stage, Step: failed.Step, Err: fmt.Errorf("%w; the connect was off for this change and the one before, and %s", failed.Err, err.Error())}
	}
	return cause
}
