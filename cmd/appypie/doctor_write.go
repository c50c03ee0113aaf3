package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// cleanupTimeout bounds the deletion of the throw-away connect, which is done
// also when the person has interrupted the command.
const cleanupTimeout = time.Minute

// writeWalk makes a connect, uses every operation that writes on it as an apply
// would, and deletes it.
type writeWalk struct {
	*examiner
	name     string
	id       string
	deleted  bool
	findings []finding
	left     *leftBehind
}

func newWriteWalk(e *examiner, now time.Time) *writeWalk {
	return &writeWalk{
		examiner: e, findings: []finding{},
		name: fmt.Sprintf("appypie doctor %s %s", now.UTC().Format("2006-01-02 15:04"), rand.Text()[:8]),
	}
}

func (w *writeWalk) run(ctx context.Context, matchID string, test bool) {
	match, err := w.client.PopularMatch(ctx, matchID)
	if err != nil {
		f := w.blank(dialect.CreateConnect)
		f.Verdict, f.Detail = verdictFailed, "read the popular match: "+w.detail(dialect.CreateConnect, err)
		w.findings = append(w.findings, f)
		return
	}
	defer w.cleanUp(ctx)
	w.call(ctx, dialect.CreateConnect, func(c *connectapi.Client) error {
		created, err := c.CreateConnect(ctx, matchID, w.name)
		w.id = created.ID
		return err
	})
	if w.id == "" {
		return
	}
	w.change(ctx, dialect.UpdateConnectName, connectapi.Change{Name: w.name + " renamed"}, func(c connectapi.Connect) string {
		return unless(c.Name == w.name+" renamed", "the name is not the new one")
	})
	missing := w.edit(ctx, *match)
	w.test(ctx, test, missing)
	w.turn(ctx, missing)
	w.delete(ctx)
}

// call judges an operation on the connect.
func (w *writeWalk) call(ctx context.Context, op dialect.Operation, call func(*connectapi.Client) error) *finding {
	f := w.skipped(op, "interrupted")
	if ctx.Err() == nil {
		w.asking(op)
		f = w.try(op, call)
	}
	w.findings = append(w.findings, f)
	return &w.findings[len(w.findings)-1]
}

// change judges an operation by a change of the connect, as an apply makes it.
func (w *writeWalk) change(ctx context.Context, op dialect.Operation, change connectapi.Change, after func(connectapi.Connect) string) {
	f := w.call(ctx, op, func(c *connectapi.Client) error {
		_, err := c.Apply(ctx, w.id, nil, change)
		return err
	})
	w.confirm(ctx, f, after)
}

// confirm reads the connect back: a success that changed nothing is none. after
// tells what the connect should be like and is not. A connect that is not shown
// yet proves nothing.
func (w *writeWalk) confirm(ctx context.Context, f *finding, after func(connectapi.Connect) string) {
	if !f.Verdict.works() || after == nil {
		return
	}
	client, _, err := w.fresh()
	var outcome connectapi.Outcome
	if err == nil {
		outcome, err = client.Apply(ctx, w.id, nil, connectapi.Change{})
	}
	switch {
	case connectapi.IsNotFound(err):
	case err != nil:
		f.Verdict, f.Detail = verdictFailed, "it answers as expected, but the connect cannot be read back: "+w.detail(f.Operation, err)
	default:
		if problem := after(*outcome.Connect); problem != "" {
			f.Verdict, f.Detail = verdictUnexpected, "it answers like a success, but afterwards "+problem
		}
	}
}

// find looks for the connect by its id or, before that is known, by its name. It
// believes nothing that was written.
func (w *writeWalk) find(ctx context.Context) (*connectapi.Connect, error) {
	client, _, err := w.fresh()
	if err != nil {
		return nil, err
	}
	connects, err := client.ConnectsNow(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the connects: %w", err)
	}
	for _, connect := range connects {
		if connect.ID == w.id || w.id == "" && connect.Name == w.name {
			return &connect, nil
		}
	}
	return nil, nil //nolint:nilnil // a complete listing without the connect is an answer.
}

func (w *writeWalk) skip(op dialect.Operation, reason string) {
	w.findings = append(w.findings, w.skipped(op, reason))
}

func unless(fine bool, problem string) string {
	if fine {
		return ""
	}
	return problem
}

// edit fills in every step as far as it can, and returns what it could not.
func (w *writeWalk) edit(ctx context.Context, match connectapi.PopularMatch) (missing []string) {
	content := w.prepare(ctx, connectapi.TriggerEvent, match.Trigger)
	missing = append(missing, content.missing...)
	change := connectapi.StepChange{Kind: connectapi.TriggerEvent, AccountID: content.account, Set: content.options}
	w.change(ctx, dialect.EditTriggerOptions, connectapi.Change{Steps: []connectapi.StepChange{change}}, func(c connectapi.Connect) string {
		return content.absentFrom(c.Trigger)
	})
	for i, ref := range match.Actions {
		content := w.prepare(ctx, connectapi.ActionEvent, ref)
		missing = append(missing, content.missing...)
		change := connectapi.StepChange{Kind: connectapi.ActionEvent, Position: i, AccountID: content.account, Set: content.options}
		w.change(ctx, dialect.EditActionOptions, connectapi.Change{Steps: []connectapi.StepChange{change}}, func(c connectapi.Connect) string {
			if i >= len(c.Actions) {
				return "the action is gone"
			}
			return content.absentFrom(c.Actions[i])
		})
	}
	return missing
}

func (w *writeWalk) test(ctx context.Context, wanted bool, missing []string) {
	switch {
	case !wanted:
		w.skip(dialect.RunTest, "a test acts for real; ask for it with --test")
	case len(missing) > 0:
		w.skip(dialect.RunTest, strings.Join(missing, "; "))
	default:
		w.change(ctx, dialect.RunTest, connectapi.Change{Test: true}, nil)
	}
}

// turn turns the connect on and off. What is known to be missing would only be
// refused, which says nothing.
func (w *writeWalk) turn(ctx context.Context, missing []string) {
	if len(missing) > 0 {
		w.skip(dialect.TurnOnConnect, strings.Join(missing, "; "))
	} else {
		w.change(ctx, dialect.TurnOnConnect, connectapi.Change{Enabled: new(true)}, func(c connectapi.Connect) string {
			return unless(c.On, "the connect is off")
		})
	}
	f := w.call(ctx, dialect.TurnOffConnect, func(c *connectapi.Client) error { return c.TurnOff(ctx, w.id) })
	w.confirm(ctx, f, func(c connectapi.Connect) string { return unless(!c.On, "the connect is on") })
}

func (w *writeWalk) delete(ctx context.Context) {
	f := w.call(ctx, dialect.DeleteConnect, func(c *connectapi.Client) error { return c.Remove(ctx, w.id, false) })
	if f.Verdict.works() {
		if listed, err := w.find(ctx); err == nil && listed != nil {
			f.Verdict, f.Detail = verdictUnexpected, "it answers like a success, but the connect is still there"
		}
	}
	w.deleted = f.Verdict.works()
}

// cleanUp sees to it that no connect stays, or that the person knows of it.
func (w *writeWalk) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	listed, err := w.find(ctx)
	// A listing may lag behind: only a deletion that succeeded makes sure.
	if err == nil && listed == nil && (w.id == "" || w.deleted) {
		return
	}
	if listed != nil {
		w.id = listed.ID
		if listed.On {
			_ = w.client.TurnOff(ctx, w.id) // If it does not, the deletion may do all the same.
		}
	}
	if w.id == "" {
		w.left = &leftBehind{Name: w.name, Reason: "it is not known whether it was made: " + err.Error()}
		return
	}
	if err := w.client.Delete(ctx, w.id); err != nil && !connectapi.IsNotFound(err) {
		w.left = &leftBehind{ID: w.id, Name: w.name, Reason: err.Error()}
		return
	}
	switch listed, err := w.find(ctx); {
	case err != nil:
		w.left = &leftBehind{ID: w.id, Name: w.name, Reason: "it cannot be seen whether it was deleted: " + err.Error()}
	case listed != nil:
		w.left = &leftBehind{ID: w.id, Name: listed.Name, Reason: "deleting it has no effect"}
	}
}
