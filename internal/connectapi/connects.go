package connectapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Connect is an automation: when its trigger fires, its actions run. Its
// shape is assumed.
type Connect struct {
	ID, Name, PopularMatchID string
	// Status is the service's own word, such as ON; On is what it means.
	Status string
	On     bool
	// Unreadable is why this connect cannot be understood, such as a status word
	// that nobody knows; nil for all others. Then only the ID is certain.
	Unreadable error
	Trigger    Step
	Actions    []Step
	// CreatedAt and UpdatedAt are RFC 3339 with milliseconds, as sent.
	CreatedAt, UpdatedAt string
}

// Step is the configured trigger or one configured action of a connect.
type Step struct {
	ID, AppID string
	// EventID is the id of the trigger or of the action.
	EventID string
	// AccountID is empty while no account is chosen.
	AccountID string
	// HidesAccount means that the service does not show which account is chosen.
	HidesAccount bool
	// Options holds what the service has; secrets may be masked or missing. It is
	// nil when the service does not show the options.
	Options map[string]Value
}

// Texts are the options as texts; nil when the service does not show them.
func (s Step) Texts() map[string]string {
	if s.Options == nil {
		return nil
	}
	texts := make(map[string]string, len(s.Options))
	for key, value := range s.Options {
		texts[key] = value.Text()
	}
	return texts
}

// HistoryEntry is one run, test or change of a connect. Its shape is assumed.
type HistoryEntry struct {
	ID, ConnectID, Status, Message string
	// StartedAt and FinishedAt are RFC 3339 with milliseconds, as sent.
	StartedAt, FinishedAt string
	Tasks                 int
}

type wireStep struct {
	StepID    text    `json:"stepId"`
	AppID     text    `json:"appId"`
	TriggerID text    `json:"triggerId"`
	ActionID  text    `json:"actionId"`
	AccountID shown   `json:"accountId"`
	Options   options `json:"options"`
}

func (w *wireStep) public() Step {
	if w == nil {
		return Step{HidesAccount: true}
	}
	return Step{
		ID: string(w.StepID), AppID: string(w.AppID), EventID: string(w.TriggerID + w.ActionID),
		AccountID: string(w.AccountID.text), HidesAccount: !w.AccountID.there, Options: w.Options,
	}
}

type wireConnect struct {
	identity
	Name           text       `json:"name"`
	PopularMatchID text       `json:"popularMatchId"`
	Status         text       `json:"status"`
	Trigger        *wireStep  `json:"trigger"`
	Actions        []wireStep `json:"actions"`
	CreatedAt      text       `json:"_created_at"`
	UpdatedAt      text       `json:"_updated_at"`
}

func (w wireConnect) public() Connect {
	connect := Connect{
		ID: w.id(), Name: string(w.Name), PopularMatchID: string(w.PopularMatchID), Status: string(w.Status),
		Trigger: w.Trigger.public(), CreatedAt: string(w.CreatedAt), UpdatedAt: string(w.UpdatedAt),
	}
	for i := range w.Actions {
		connect.Actions = append(connect.Actions, w.Actions[i].public())
	}
	if connect.On, connect.Unreadable = ParseStatus(connect.Status); connect.Unreadable != nil {
		connect.Unreadable = fmt.Errorf("connect %s: %w: %w", connect.ID, connect.Unreadable, ErrUnexpectedAnswer)
	}
	return connect
}

// whole reports whether nothing is left out. To take a part for the whole would
// make every option look removed.
func (w wireConnect) whole() bool {
	return w.id() != "" && w.Name != "" && w.Trigger != nil && w.Trigger.Options != nil && len(w.Actions) > 0 &&
		!slices.ContainsFunc(w.Actions, func(action wireStep) bool { return action.Options == nil })
}

// listedConnect is an entry of the listing. One that cannot be decoded concerns
// itself alone, as long as it has an id.
type listedConnect struct{ Connect }

func (l *listedConnect) UnmarshalJSON(raw []byte) error {
	var listed wireConnect
	if err := json.Unmarshal(raw, &listed); err != nil {
		var bare identity
		_ = json.Unmarshal(raw, &bare)
		l.Connect = Connect{ID: bare.id()}
		l.Unreadable = fmt.Errorf("connect %s: %s: %w", l.ID, unreadable(err), ErrUnexpectedAnswer)
		return nil
	}
	l.Connect = listed.public()
	return nil
}

func (c *Client) listConnects(ctx context.Context) (connects []Connect, moved, err error) {
	listed, moved, err := readOnce(ctx, c, call{op: ListConnects, proven: true}, func(l listedConnect) string { return l.ID })
	return convert(listed, func(l listedConnect) Connect { return l.Connect }), moved, err
}

// Connects returns the account's connects, as they were known at most a minute
// ago, or as this client wrote them. One that cannot be understood is there,
// with the reason.
func (c *Client) Connects(ctx context.Context) ([]Connect, error) {
	return c.connects(ctx, c.directory.within(readAge))
}

// ConnectsNow is Connects in a listing that begins now.
func (c *Client) ConnectsNow(ctx context.Context) ([]Connect, error) {
	return c.connects(ctx, c.directory.now())
}

func (c *Client) connects(ctx context.Context, since demand) ([]Connect, error) {
	for try := 1; ; try++ {
		all, moved, err := c.directory.list(ctx, since)
		if err != nil || moved == nil {
			return all, err
		}
		if try == listingTries {
			return nil, moved
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[min(try, len(c.settle))-1]); err != nil {
			return nil, err //nolint:wrapcheck // the caller knows what it asked for.
		}
		since = c.directory.now()
	}
}

// Connect returns one connect. The API has no operation for it: all reads of a
// client share one listing. The connect is as it was known at most a minute ago,
// or as this client wrote it. The error is ErrNotFound when two complete listings,
// between which nothing else vanished, did not hold the id.
func (c *Client) Connect(ctx context.Context, id string) (*Connect, error) {
	return c.read(ctx, id, c.directory.within(readAge))
}

// Expect tells the client that an earlier run made a connect at a time. One made
// just now may not be listed yet, and is waited for.
func (c *Client) Expect(id string, made time.Time) { c.directory.expect(id, made) }

// Namesakes returns the connects of a popular match and name.
func (c *Client) Namesakes(ctx context.Context, popularMatchID, name string) ([]Connect, error) {
	all, err := c.Connects(ctx)
	return slices.DeleteFunc(all, func(connect Connect) bool { return !connect.isOf(popularMatchID, name) }), err
}

// isOf reports whether a connect can be one of a popular match and name.
func (c *Connect) isOf(popularMatchID, name string) bool {
	return c.Name == name && (c.PopularMatchID == popularMatchID || c.PopularMatchID == "")
}

// read returns one connect in a reading no older than asked for. A connect that
// this client made is waited for.
func (c *Client) read(ctx context.Context, id string, since demand) (*Connect, error) {
	for i := 0; ; i++ {
		connect, err := c.directory.get(ctx, id, since)
		if err == nil && connect.Unreadable != nil {
			return nil, connect.Unreadable
		}
		if err == nil || !IsNotFound(err) || !c.directory.fresh(id) {
			return connect, err
		}
		if i == len(c.settle) {
			return nil, fmt.Errorf("connect %s was created and no listing shows it yet; run Terraform again: %w", id, ErrUnexpectedAnswer)
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return nil, err //nolint:wrapcheck // the caller knows what it waited for.
		}
		since = c.directory.now()
	}
}

// answered reads the connect in the answer of a write, as far as it is there;
// whole reports whether nothing is left out.
func answered(env envelope, id string) (connect *Connect, whole bool) {
	payload := env.payload
	var wrapped struct {
		Connect json.RawMessage `json:"connect"`
	}
	if json.Unmarshal(payload, &wrapped) == nil && wrapped.Connect != nil {
		payload = wrapped.Connect
	}
	var part wireConnect
	if json.Unmarshal(payload, &part) != nil || part.id() != id {
		return nil, false
	}
	shown := part.public()
	if shown.Unreadable != nil {
		return nil, false
	}
	return &shown, part.whole()
}

// write makes a call that changes a connect. An answer that shows the whole
// connect with what was written is believed; after anything less the connect is
// read again by whoever needs it next. A connect that was just made may not be
// known everywhere yet: a 404 for it is waited for.
func (c *Client) write(ctx context.Context, id string, call call, shows func(*Connect) bool) (*Connect, error) {
	for i := 0; ; i++ {
		env, err := c.do(ctx, call)
		if err == nil {
			shown, whole := answered(env, id)
			if shown != nil && whole && shows(shown) {
				c.directory.wrote(id, shown)
			} else {
				c.directory.wrote(id, nil)
			}
			return shown, nil
		}
		if OutcomeUnknown(err) || IsNotFound(err) {
			c.directory.wrote(id, nil)
		}
		if !IsNotFound(err) || !c.directory.fresh(id) || i == len(c.settle) {
			return nil, err
		}
		if sleepErr := wire.Sleep(ctx, c.clock, c.settle[i]); sleepErr != nil {
			return nil, err
		}
	}
}

// editStep writes account and options of a step. The caller holds the lock of
// the connect since it read the step.
func (c *Client) editStep(ctx context.Context, connectID string, edit stepEdit) error {
	write := call{op: EditTriggerOptions, params: connectParam(connectID), body: edit.body()}
	if edit.kind == ActionEvent {
		write.op, write.params["stepId"] = EditActionOptions, edit.stepID
	}
	_, err := c.write(ctx, connectID, write, edit.shownBy)
	return err
}

// TurnOn turns a connect on. The service refuses while required options, a
// required account or (perhaps) a successful test are missing.
func (c *Client) TurnOn(ctx context.Context, connectID string) error {
	return c.turn(ctx, connectID, true)
}

// TurnOff turns a connect off.
func (c *Client) TurnOff(ctx context.Context, connectID string) error {
	return c.turn(ctx, connectID, false)
}

// turn moves the switch. An answer that shows the other position may show the
// connect as it was before, so it is read before anything is concluded; a switch
// that did not move is moved once more. The error is then ErrNotTaken.
func (c *Client) turn(ctx context.Context, connectID string, on bool) error {
	op := TurnOffConnect
	if on {
		op = TurnOnConnect
	}
	isThere := func(connect *Connect) bool { return connect.On == on }
	for range 2 {
		shown, err := c.write(ctx, connectID, call{op: op, params: connectParam(connectID)}, isThere)
		if err != nil || shown == nil || isThere(shown) {
			return err
		}
		read, err := c.settled(ctx, connectID, isThere)
		if err != nil || isThere(read) {
			return err
		}
	}
	return ErrNotTaken
}

// settled reads a connect after the last write of it until it is as wanted, for
// as long as a listing may take to show a write. It returns the last reading.
func (c *Client) settled(ctx context.Context, id string, wanted func(*Connect) bool) (*Connect, error) {
	since := c.directory.sinceWrite(id)
	for i := 0; ; i++ {
		connect, err := c.read(ctx, id, since)
		if err != nil || wanted(connect) || i == len(c.settle) {
			return connect, err
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return nil, err //nolint:wrapcheck // the caller knows what it waited for.
		}
		since = c.directory.now()
	}
}

// Rename changes the name of a connect.
func (c *Client) Rename(ctx context.Context, connectID, name string) error {
	_, err := c.write(ctx, connectID, call{op: UpdateConnectName, params: connectParam(connectID), body: map[string]string{"name": name}},
		func(connect *Connect) bool { return connect.Name == name })
	return err
}

// Delete deletes a connect. A connect that is already gone is an error that is
// ErrNotFound.
func (c *Client) Delete(ctx context.Context, connectID string) error {
	_, err := c.do(ctx, call{op: DeleteConnect, params: connectParam(connectID)})
	switch {
	case err == nil:
		c.directory.removed(connectID)
	case OutcomeUnknown(err), IsNotFound(err):
		c.directory.wrote(connectID, nil)
	}
	return err
}

// History iterates over what happened to a connect, newest first. A page is
// asked for when the one before is used up. An error is the last element.
func (c *Client) History(ctx context.Context, connectID string) iter.Seq2[HistoryEntry, error] {
	return func(yield func(HistoryEntry, error) bool) {
		for entries, err := range pages(ctx, c, call{op: GetConnectHistory, params: connectParam(connectID)}, wireHistoryEntry.id) {
			if err != nil {
				yield(HistoryEntry{}, err)
				return
			}

			for _, entry := range entries {
				if !yield(c.historyEntry(entry), nil) {
					return
				}
			}
		}
	}
}

type wireHistoryEntry struct {
	identity
	ConnectID  text   `json:"connectId"`
	Status     text   `json:"status"`
	Message    text   `json:"message"`
	StartedAt  text   `json:"startedAt"`
	FinishedAt text   `json:"finishedAt"`
	Tasks      number `json:"tasks"`
}

// historyEntry hides in the words of a message what must not be shown.
func (c *Client) historyEntry(w wireHistoryEntry) HistoryEntry {
	return HistoryEntry{
		ID: w.id(), ConnectID: string(w.ConnectID), Status: string(w.Status), Message: c.said(string(w.Message)),
		StartedAt: string(w.StartedAt), FinishedAt: string(w.FinishedAt), Tasks: w.Tasks.value,
	}
}

func connectParam(id string) map[string]string { return map[string]string{"connectId": id} }
