package connectapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
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
	// because something failed did not turn it on again.
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
func (c *Client) Apply(ctx context.Context, connectID string, current *Connect, change Change) (Outcome, error) {
	release, err := c.LockConnect(ctx, connectID)
	if err != nil {
		return Outcome{}, &ChangeError{Stage: StageRead, Err: err}
	}
	defer release()

	if current == nil {
		if current, err = c.read(ctx, connectID, c.directory.within(editAge), true); err != nil {
			return Outcome{}, &ChangeError{Stage: StageRead, Err: err}
		}
	}
	run := &changeRun{client: c, current: *current, change: change}
	run.outcome.On, run.outcome.Before = current.On, current
	run.outcome.Edited = make([]bool, len(change.Steps))
	for _, step := range change.Steps {
		c.secrets.add(slices.Collect(maps.Values(step.Secrets))...)
	}
	for _, stage := range []func(context.Context) error{run.prepare, run.turnOff, run.rename, run.edit, run.test, run.turnOn, run.verify} {
		if err := stage(ctx); err != nil {
			return run.outcome, err
		}
	}
	return run.outcome, nil
}

type changeRun struct {
	client  *Client
	current Connect
	change  Change
	edits   []stepEdit
	// wrote means that a call was made that may have changed the connect.
	wrote   bool
	outcome Outcome
	// paused means that this change turned off a connect that is to be on.
	paused bool
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
	for i, edit := range r.edits {
		r.wrote = true
		if err := r.client.editStep(ctx, r.current.ID, edit); err != nil {
			return &ChangeError{Stage: StageEdit, Step: i, Err: err}
		}
		r.outcome.Edited[i] = true
	}
	return nil
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
	return r.current.On
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

// Remove turns a connect off and, unless keep is set, deletes it. A connect
// that is gone is an error that is ErrNotFound, and one that is kept and does
// not turn off is an error that is ErrNotTaken. A listing that does not show the
// connect is no proof: the service is asked all the same.
func (c *Client) Remove(ctx context.Context, connectID string, keep bool) error {
	release, err := c.LockConnect(ctx, connectID)
	if err != nil {
		return err
	}
	defer release()
	current, err := c.directory.find(ctx, connectID, c.directory.within(editAge))
	if err != nil {
		return err
	}
	// What cannot be read, or is not listed, may be on.
	if current == nil || current.On || current.Unreadable != nil {
		if err := c.TurnOff(ctx, connectID); err != nil {
			return fmt.Errorf("%s: %w", StageTurnOff, c.gone(ctx, connectID, err))
		}
		if keep {
			return c.proveOff(ctx, connectID)
		}
	}
	if keep {
		return nil
	}
	return c.gone(ctx, connectID, c.Delete(ctx, connectID))
}

// provenSwitches is how many answers to switches in a row a reading has to bear
// out before they are believed where no later plan would show the truth. To read
// after each would cost 40 connects 38 pages more than an apply may cost.
const provenSwitches = 5

// doubtSwitch has a connect read after its switch was moved, unless the service has
// proven to answer such calls truly.
func (c *Client) doubtSwitch(connectID string) {
	if c.borneOut.Load() < provenSwitches {
		c.directory.wrote(connectID, nil)
	}
}

// switched notes whether the switch is where it was moved to.
func (c *Client) switched(borneOut bool) {
	if !borneOut {
		c.borneOut.Store(0)
		return
	}
	c.borneOut.Add(1)
}

// proveOff reads a connect that Terraform forgets.
func (c *Client) proveOff(ctx context.Context, connectID string) error {
	for range 2 {
		c.doubtSwitch(connectID)
		connect, err := c.settled(ctx, connectID, func(connect *Connect) bool { return !connect.On })
		if err != nil {
			return err
		}
		if c.switched(!connect.On); !connect.On {
			return nil
		}
		if err := c.TurnOff(ctx, connectID); err != nil {
			return err
		}
	}
	return ErrNotTaken
}

// gone checks an answer that a connect does not exist against the listing: a
// connect that is still listed must not be taken for deleted.
func (c *Client) gone(ctx context.Context, connectID string, err error) error {
	if !IsNotFound(err) {
		return err
	}
	for i := 0; ; i++ {
		shown, lookErr := c.directory.find(ctx, connectID, c.directory.now())
		switch {
		case lookErr != nil:
			return lookErr
		case shown == nil:
			return err
		case i == len(c.settle):
			return fmt.Errorf("the service still lists the connect, although it answered that it does not exist (%w): %s", ErrUnexpectedAnswer, err.Error())
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return err
		}
	}
}
