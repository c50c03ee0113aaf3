package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// cleanupTimeout bounds the deletion of the throw-away connect, which is done
// also when the person has interrupted the command.
const cleanupTimeout = time.Minute

// writeWalk makes a connect, uses every operation that writes on it, and
// deletes it.
type writeWalk struct {
	client   *connectapi.Client
	table    []connectapi.Operation
	name     string
	id       string
	deleted  bool
	findings []finding
	left     *leftBehind
	// asking is told of each operation before it is called.
	asking func(dialect.Operation)
}

func newWriteWalk(client *connectapi.Client, table []connectapi.Operation, asking func(dialect.Operation), now time.Time) *writeWalk {
	return &writeWalk{
		client: client, table: table, findings: []finding{}, asking: asking,
		name: fmt.Sprintf("appypie doctor %s %s", now.UTC().Format("2006-01-02 15:04"), rand.Text()[:8]),
	}
}

func (w *writeWalk) run(ctx context.Context, matchID string, test bool) {
	match, err := w.client.PopularMatch(ctx, matchID)
	if err != nil {
		w.fail(dialect.CreateConnect, fmt.Errorf("read the popular match: %w", err))
		return
	}
	defer w.cleanUp(ctx)
	created := w.create(ctx, matchID)
	if w.id == "" {
		return
	}
	w.call(ctx, connectapi.Probe{Operation: dialect.UpdateConnectName, Body: object{"name": w.name + " renamed"}}, func(c connectapi.Connect) string {
		return unless(c.Name == w.name+" renamed", "the name is not the new one")
	})
	missing := w.edit(ctx, *match, created)
	w.test(ctx, test, missing)
	w.turn(ctx, missing)
	w.delete(ctx)
}

func (w *writeWalk) probe(ctx context.Context, probe connectapi.Probe) connectapi.ProbeResult {
	w.asking(probe.Operation)
	return w.client.Probe(ctx, probe)
}

// operation is the entry of the table.
func (w *writeWalk) operation(name dialect.Operation) connectapi.Operation {
	i := slices.IndexFunc(w.table, func(op connectapi.Operation) bool { return op.Name == name })
	if i < 0 {
		return connectapi.Operation{Name: name}
	}
	return w.table[i]
}

func (w *writeWalk) fail(name dialect.Operation, err error) {
	w.findings = append(w.findings, findingOf(connectapi.ProbeResult{
		Operation: w.operation(name), Verdict: connectapi.VerdictFailed, Detail: err.Error(),
	}))
}

func (w *writeWalk) skip(name dialect.Operation, reason string) {
	w.findings = append(w.findings, skipped(w.operation(name), reason))
}

// create makes the connect. When the answer does not tell which it is, it is
// looked for by its name, which nothing else has.
func (w *writeWalk) create(ctx context.Context, matchID string) *connectapi.Connect {
	result := w.probe(ctx, connectapi.Probe{
		Operation: dialect.CreateConnect, Params: map[string]string{"popularMatchId": matchID}, Body: object{"name": w.name},
	})
	w.findings = append(w.findings, findingOf(result))
	w.id = firstID(result.Objects)
	if w.id != "" && result.Connect != nil {
		return result.Connect
	}
	found, err := w.find(ctx)
	if err != nil || found == nil {
		return nil
	}
	w.id = found.ID
	return found
}

// find looks for the connect by its id or, before that is known, by its name.
func (w *writeWalk) find(ctx context.Context) (*connectapi.Connect, error) {
	connects, err := w.client.ConnectsNow(ctx)
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

// call probes an operation on the connect. after tells what the connect in the
// answer should be like and is not.
func (w *writeWalk) call(ctx context.Context, probe connectapi.Probe, after func(connectapi.Connect) string) {
	if ctx.Err() != nil {
		w.skip(probe.Operation, "interrupted")
		return
	}
	probe.Params = maps.Clone(probe.Params)
	if probe.Params == nil {
		probe.Params = map[string]string{}
	}
	probe.Params["connectId"] = w.id
	if probe.Operation != dialect.RunTest {
		probe.ID = w.id
	}
	f := findingOf(w.probe(ctx, probe))
	if f.Verdict == connectapi.VerdictAsAssumed && after != nil {
		f = w.confirm(ctx, f, after)
	}
	w.findings = append(w.findings, f)
}

// confirm reads the connect back: a success that changed nothing is none.
func (w *writeWalk) confirm(ctx context.Context, f finding, after func(connectapi.Connect) string) finding {
	listed, err := w.find(ctx)
	switch {
	case err != nil:
		f.Verdict, f.Detail = connectapi.VerdictFailed, "it answers as assumed, but the connect cannot be read back: "+err.Error()
	case listed == nil:
		f.Verdict, f.Detail = connectapi.VerdictDiffers, "it answers as assumed, but list_connects does not show the connect"
	default:
		if problem := after(*listed); problem != "" {
			f.Verdict, f.Detail = connectapi.VerdictDiffers, "it answers like a success, but afterwards "+problem
		}
	}
	return f
}

func unless(fine bool, problem string) string {
	if fine {
		return ""
	}
	return problem
}

// edit fills in every step as far as it can, and returns what it could not.
func (w *writeWalk) edit(ctx context.Context, match connectapi.PopularMatch, connect *connectapi.Connect) (missing []string) {
	content := w.prepare(ctx, connectapi.TriggerEvent, match.Trigger)
	missing = append(missing, content.missing...)
	w.call(ctx, connectapi.Probe{Operation: dialect.EditTriggerOptions, Body: content.body()}, func(c connectapi.Connect) string {
		return content.absentFrom(c.Trigger)
	})
	if connect == nil || len(connect.Actions) != len(match.Actions) {
		const reason = "the ids of the connect's actions are not known"
		w.skip(dialect.EditActionOptions, reason)
		return append(missing, reason)
	}
	for i, ref := range match.Actions {
		content := w.prepare(ctx, connectapi.ActionEvent, ref)
		missing = append(missing, content.missing...)
		w.call(ctx, connectapi.Probe{
			Operation: dialect.EditActionOptions, Params: map[string]string{"stepId": connect.Actions[i].ID}, Body: content.body(),
		}, func(c connectapi.Connect) string {
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
		w.call(ctx, connectapi.Probe{Operation: dialect.RunTest}, nil)
	}
}

// turn turns the connect on and off. What is known to be missing would only be
// refused, which says nothing.
func (w *writeWalk) turn(ctx context.Context, missing []string) {
	if len(missing) > 0 {
		w.skip(dialect.TurnOnConnect, strings.Join(missing, "; "))
	} else {
		w.call(ctx, connectapi.Probe{Operation: dialect.TurnOnConnect}, func(c connectapi.Connect) string {
			return unless(c.On, "the connect is off")
		})
	}
	w.call(ctx, connectapi.Probe{Operation: dialect.TurnOffConnect}, func(c connectapi.Connect) string {
		return unless(!c.On, "the connect is on")
	})
}

func (w *writeWalk) delete(ctx context.Context) {
	if ctx.Err() != nil {
		w.skip(dialect.DeleteConnect, "interrupted")
		return
	}
	f := findingOf(w.probe(ctx, connectapi.Probe{Operation: dialect.DeleteConnect, Params: map[string]string{"connectId": w.id}, ID: w.id}))
	if f.Verdict == connectapi.VerdictAsAssumed {
		if listed, err := w.find(ctx); err == nil && listed != nil {
			f.Verdict, f.Detail = connectapi.VerdictDiffers, "it answers like a success, but the connect is still there"
		}
	}
	w.deleted = f.Verdict == connectapi.VerdictAsAssumed
	w.findings = append(w.findings, f)
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
