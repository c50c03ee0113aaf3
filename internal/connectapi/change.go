package connectapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Change is an ordered change of one connect. It is the one place where the
// order of calls is decided: whoever needs part of it (only the options of the
// trigger, only the switch) leaves the rest out.
type Change struct {
	// Name renames the connect; empty leaves the name.
	Name string
	// Steps are the edits, in the order of the connect's steps.
	Steps []StepChange
	// Test runs the connect's test after the edits. A failed step stops the
	// change before anything is turned on.
	Test bool
	// Pause turns a live connect off before its steps are edited or tested, and
	// on again when everything before succeeded.
	Pause bool
	// Enabled is the wanted switch position; nil leaves it as it was.
	Enabled *bool
}

// Outcome tells how far a change came. It is valid beside an error.
type Outcome struct {
	// Connect is the connect as read at the end; nil beside an error.
	Connect *Connect
	// Before is the connect as it was read before the change.
	Before *Connect
	// Renamed, Edited (one a StepChange) and Tested tell what succeeded.
	Renamed bool
	Edited  []bool
	Tested  bool
	// Test is what the test of each step came to; nil when no test was run to
	// its end. It is there also when a step failed.
	Test *TestResult
	// On is the switch position as far as it is known.
	On bool
	// Paused means that this change turned the connect off, or may have, and
	// because something failed did not turn it on again. Of changes that share a
	// pause, it is set in the outcome of each that has to turn the connect on.
	Paused bool
}

// Stage is the part of a change in which an error happened.
type Stage string

// The stages of a change, in their order.
const (
	StageRead    Stage = "reading the connect"
	StageTurnOff Stage = "turning the connect off"
	StageRename  Stage = "renaming the connect"
	StageEdit    Stage = "writing the step's options"
	StageTest    Stage = "testing the connect"
	StageTurnOn  Stage = "turning the connect on"
	StageVerify  Stage = "reading the connect back"
)

// ChangeError tells at which stage a change stopped.
type ChangeError struct {
	Stage Stage
	// Step is the index into Change.Steps, for StageEdit.
	Step int
	Err  error
}

// Error implements error.
func (e *ChangeError) Error() string { return fmt.Sprintf("%s: %v", e.Stage, e.Err) }

// Unwrap returns the cause.
func (e *ChangeError) Unwrap() error { return e.Err }

// Apply carries out a change: turn off, rename, edit the trigger and the
// actions, test, turn on, read back. current is the connect if the caller has
// just received it, else nil. Whatever fails, the connect is left off or as it
// was; the error is then a *ChangeError.
//
// Changes of one connect wait for each other. Where one that only edits has paused
// the connect, and others that only edit wait by then, they share the pause.
func (c *Client) Apply(ctx context.Context, connectID string, current *Connect, change Change) (Outcome, error) {
	lock, err := c.locks.enter(ctx, connectID, change.joins())
	if err != nil {
		return Outcome{}, &ChangeError{Stage: StageRead, Err: waitError(connectID, err)}
	}
	defer lock.release()
	run := &changeRun{client: c, lock: lock, change: change}
	run.current.ID = connectID
	if lock.pause != nil {
		// The connect was changed since it was received.
		current = nil
		run.takeOver()
	}
	for _, step := range change.Steps {
		c.secrets.add(slices.Collect(maps.Values(step.Secrets))...)
	}
	err = run.carryOut(ctx, current)
	switch {
	case err != nil && run.outcome.Paused:
		lock.leftOff = leftOff(err)
	case run.outcome.On:
		lock.leftOff = nil
	case err == nil && lock.leftOff != nil:
		run.outcome.Connect, err = nil, lock.leftOff
	}
	return run.outcome, err
}

type changeRun struct {
	client  *Client
	lock    *keyedLock
	current Connect
	change  Change
	edits   []stepEdit
	// began is the moment after the reading that the change builds on.
	began demand
	// wrote means that a call was made that may have changed the connect.
	wrote   bool
	outcome Outcome
	// paused means that this change turned off a connect that is to be on, or took
	// over that from another change.
	paused bool
	// wasOn is the switch position before all changes that share a pause.
	wasOn bool
}

func (r *changeRun) carryOut(ctx context.Context, current *Connect) error {
	begin := func(ctx context.Context) error { return r.read(ctx, current) }
	for _, stage := range []func(context.Context) error{begin, r.prepare, r.turnOff, r.rename, r.edit, r.test} {
		if err := stage(ctx); err != nil {
			return r.stop(ctx, err)
		}
	}
	return r.settle(ctx)
}

// read reads the connect, unless the caller has just received it.
func (r *changeRun) read(ctx context.Context, current *Connect) error {
	err := ctx.Err()
	if err == nil && current == nil {
		current, err = r.client.read(ctx, r.current.ID, r.client.directory.toEdit(), true)
	}
	if err != nil {
		return &ChangeError{Stage: StageRead, Err: err}
	}
	r.current, r.began = *current, r.client.directory.now()
	r.wasOn = r.wasOn || current.On
	r.outcome.On, r.outcome.Before = current.On, current
	r.outcome.Edited = make([]bool, len(r.change.Steps))
	return nil
}

// prepare builds every edit before the first write, so that a change which
// cannot be carried out leaves the connect untouched.
func (r *changeRun) prepare(context.Context) error {
	for i, step := range r.change.Steps {
		server, position, err := r.current.find(step)
		if err != nil {
			return &ChangeError{Stage: StageEdit, Step: i, Err: err}
		}
		edit, err := step.merge(server)
		if err != nil {
			return &ChangeError{Stage: StageEdit, Step: i, Err: err}
		}
		edit.position = position
		r.edits = append(r.edits, edit)
	}
	return nil
}

func (r *changeRun) turnOff(ctx context.Context) error {
	turnOff := r.change.Enabled != nil && !*r.change.Enabled
	pause := r.change.Pause && (len(r.change.Steps) > 0 || r.change.Test)
	if !r.current.On || !turnOff && !pause {
		return nil
	}
	return r.off(ctx, !turnOff)
}

// off turns the connect off; pause says that it is to be turned on again.
func (r *changeRun) off(ctx context.Context, pause bool) error {
	r.wrote = true
	if err := r.client.TurnOff(ctx, r.current.ID); err != nil {
		r.outcome.Paused = pause && OutcomeUnknown(err)
		return &ChangeError{Stage: StageTurnOff, Err: err}
	}
	r.paused = pause
	r.outcome.On, r.outcome.Paused = false, r.paused
	return nil
}

func (r *changeRun) rename(ctx context.Context) error {
	if r.change.Name == "" || r.change.Name == r.current.Name {
		return nil
	}
	r.wrote = true

	err := r.client.Rename(ctx, r.current.ID, r.change.Name)
	// A service that lets nothing be edited while it is on refuses a name, too.
	if errors.Is(err, ErrInvalid) && r.outcome.On && r.change.Pause {
		if err := r.off(ctx, true); err != nil {
			return err
		}
		err = r.client.Rename(ctx, r.current.ID, r.change.Name)
	}
	if err != nil {
		return &ChangeError{Stage: StageRename, Err: err}
	}
	r.outcome.Renamed = true
	return nil
}

func (r *changeRun) edit(ctx context.Context) error {
	for i := range r.edits {
		if err := ctx.Err(); err != nil {
			return &ChangeError{Stage: StageEdit, Step: i, Err: err}
		}
		r.renew(i)
		r.wrote = true
		if err := r.client.editStep(ctx, r.current.ID, r.edits[i]); err != nil {
			return &ChangeError{Stage: StageEdit, Step: i, Err: err}
		}
		r.outcome.Edited[i] = true
	}
	return nil
}

// renew builds an edit on what the last call of this change showed, such as the one
// that turned the connect off: that is newer than any reading, so that what
// somebody else wrote meanwhile is not undone.
func (r *changeRun) renew(i int) {
	shown, known := r.client.directory.known(r.current.ID, r.began)
	if !known || shown == nil || shown.UpdatedAt < r.current.UpdatedAt {
		return
	}
	server, position, err := shown.find(r.change.Steps[i])
	if err != nil {
		return
	}
	if edit, err := r.change.Steps[i].merge(server); err == nil {
		edit.position = position
		r.edits[i] = edit
	}
}

func (r *changeRun) test(ctx context.Context) error {
	if !r.change.Test {
		return nil
	}
	r.wrote = true

	// Of a connect that is on, the history tells other things, too.
	result, err := r.client.runTest(ctx, &r.current, !r.outcome.On)
	r.outcome.Test = result
	if err != nil {
		return &ChangeError{Stage: StageTest, Err: err}
	}
	var failed []StepResult
	for _, step := range result.Steps {
		if step.Failed() {
			failed = append(failed, step)
		}
	}
	if len(failed) > 0 {
		return &ChangeError{Stage: StageTest, Err: &TestFailedError{Failed: failed}}
	}
	r.outcome.Tested = true
	return nil
}

// wanted is the switch position at the end of the change.
func (r *changeRun) wanted() bool {
	if r.change.Enabled != nil {
		return *r.change.Enabled
	}
	return r.wasOn
}

func (r *changeRun) turnOn(ctx context.Context) error {
	if !r.wanted() || r.outcome.On {
		return nil
	}
	r.wrote = true
	if err := r.client.TurnOn(ctx, r.current.ID); err != nil {
		return &ChangeError{Stage: StageTurnOn, Err: err}
	}
	r.outcome.On, r.outcome.Paused = true, false
	return nil
}

// verify reads the connect, unless the answers of all writes showed what was
// written. A switch that is not where this change moved it, although the service
// said so, is moved once more.
func (r *changeRun) verify(ctx context.Context) error {
	if !r.wrote {
		r.outcome.Connect = &r.current
		return nil
	}
	moved := r.change.Enabled != nil || r.paused
	unseen := r.paused && r.change.Enabled == nil
	for again := false; ; again = true {
		if unseen {
			// No plan would show that this switch did not move.
			r.client.doubtSwitch(r.current.ID)
		}
		connect, err := r.client.settled(ctx, r.current.ID, func(connect *Connect) bool {
			return (!moved || connect.On == r.wanted()) && r.showsChange(connect)
		})
		if err != nil {
			return &ChangeError{Stage: StageVerify, Err: err}
		}
		r.outcome.On, r.outcome.Paused = connect.On, r.paused && !connect.On
		if unseen {
			r.client.switched(connect.On == r.wanted())
		}
		switch {
		case !moved || connect.On == r.wanted():
			r.outcome.Connect = connect
			return nil
		case again:
			return &ChangeError{Stage: StageVerify, Err: fmt.Errorf("%w: it is %s", ErrNotTaken, connect.Status)}
		}
		if err := r.client.turn(ctx, r.current.ID, r.wanted()); err != nil {
			return &ChangeError{Stage: StageVerify, Err: err}
		}
	}
}

// showsChange reports whether a reading can be of after the change: it shows
// what was written, or that something changed. A service may store a value in
// another form.
func (r *changeRun) showsChange(connect *Connect) bool {
	if connect.UpdatedAt > r.current.UpdatedAt {
		return true
	}
	if r.outcome.Renamed && connect.Name != r.change.Name {
		return connect.Name != r.current.Name
	}
	for _, edit := range r.edits {
		if !edit.shownBy(connect) {
			return !reflect.DeepEqual(*connect, r.current)
		}
	}
	return true
}
