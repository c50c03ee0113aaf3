package connectapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
)

// Connect is an automation: when its trigger fires, its actions run. Its
// shape is assumed.
type Connect struct {
	ID, Name, PopularMatchID string
	// Status is the service's own word, such as ON; On is what it means.
	Status  string
	On      bool
	Trigger Step
	Actions []Step
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
	// Options holds what the service has; secrets may be masked or missing.
	Options map[string]string
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
	AccountID text    `json:"accountId"`
	Options   options `json:"options"`
}

func (w wireStep) public() Step {
	return Step{
		ID: string(w.StepID), AppID: string(w.AppID), EventID: string(w.TriggerID + w.ActionID),
		AccountID: string(w.AccountID), Options: w.Options,
	}
}

type wireConnect struct {
	identity
	Name           text       `json:"name"`
	PopularMatchID text       `json:"popularMatchId"`
	Status         text       `json:"status"`
	Trigger        wireStep   `json:"trigger"`
	Actions        []wireStep `json:"actions"`
	CreatedAt      text       `json:"_created_at"`
	UpdatedAt      text       `json:"_updated_at"`
}

func (w wireConnect) public() (Connect, error) {
	on, err := ParseStatus(string(w.Status))
	if err != nil {
		return Connect{}, fmt.Errorf("connect %s: %w", w.id(), err)
	}

	return Connect{
		ID: w.id(), Name: string(w.Name), PopularMatchID: string(w.PopularMatchID), Status: string(w.Status), On: on,
		Trigger: w.Trigger.public(), Actions: convert(w.Actions, wireStep.public),
		CreatedAt: string(w.CreatedAt), UpdatedAt: string(w.UpdatedAt),
	}, nil
}

// Connects iterates over the account's connects, page by page. An error is the
// last element.
func (c *Client) Connects(ctx context.Context) iter.Seq2[Connect, error] {
	return func(yield func(Connect, error) bool) {
		for entries, err := range pages(ctx, c, call{op: ListConnects}, wireConnect.id) {
			if err != nil {
				yield(Connect{}, err)

				return
			}

			for _, wire := range entries {
				connect, err := wire.public()
				if err != nil {
					err = fmt.Errorf("%s: %w: %w", ListConnects, err, ErrUnexpectedAnswer)
				}

				if !yield(connect, err) || err != nil {
					return
				}
			}
		}
	}
}

// Connect returns one connect. The API has no operation for it: all reads of a
// client share one listing, which is read up to the page that holds the id. The
// connect is as it was known at most a minute ago, or as this client wrote it.
// The error is ErrNotFound when two complete listings did not hold the id.
func (c *Client) Connect(ctx context.Context, id string) (*Connect, error) {
	return c.directory.get(ctx, id, directoryAge)
}

// connectOf reads the connect in the answer of a write. Services differ in
// what they answer; nil means that the answer did not hold the whole connect.
func connectOf(env envelope, id string) *Connect {
	wire, connect := partOf(env, id)
	if connect == nil || !wire.whole() {
		return nil
	}

	return connect
}

// partOf reads as much of the connect as the answer of a write holds.
func partOf(env envelope, id string) (wireConnect, *Connect) {
	payload := env.payload

	var wrapped struct {
		Connect json.RawMessage `json:"connect"`
	}
	if json.Unmarshal(payload, &wrapped) == nil && wrapped.Connect != nil {
		payload = wrapped.Connect
	}

	var wire wireConnect
	if json.Unmarshal(payload, &wire) != nil || wire.id() != id {
		return wire, nil
	}

	connect, err := wire.public()
	if err != nil {
		return wire, nil
	}

	return wire, &connect
}

// whole tells whether nothing is left out. To take a part for the whole would
// make every option look removed.
func (w wireConnect) whole() bool {
	if w.id() == "" || w.Name == "" || w.Trigger.Options == nil || len(w.Actions) == 0 {
		return false
	}

	for _, action := range w.Actions {
		if action.Options == nil {
			return false
		}
	}

	return true
}

// write makes a call that changes a connect, and lets the directory know.
func (c *Client) write(ctx context.Context, connectID string, call call) (envelope, error) {
	env, err := c.do(ctx, call)

	switch {
	case err == nil:
		c.directory.wrote(connectID, call.op, connectOf(env, connectID))
	case OutcomeUnknown(err), IsNotFound(err):
		c.directory.wrote(connectID, call.op, nil)
	}

	return env, err
}

// StepEdit is the content of a step: the whole option map, because it is not
// known whether an edit replaces or merges.
type StepEdit struct {
	// AccountID is the connected account; empty leaves the step's account.
	AccountID string
	Options   map[string]string
	// Secrets are option values that must not show up in an error.
	Secrets []string
}

func (e StepEdit) body() map[string]any {
	body := map[string]any{"options": e.Options}
	if e.Options == nil {
		body["options"] = map[string]string{}
	}

	if e.AccountID != "" {
		body["accountId"] = e.AccountID
	}

	return body
}

// EditTrigger writes account and options of a connect's trigger. Hold
// LockConnect from reading the step to this call.
func (c *Client) EditTrigger(ctx context.Context, connectID string, edit StepEdit) error {
	_, err := c.write(ctx, connectID, call{op: EditTriggerOptions, params: connectParam(connectID), body: edit.body(), secrets: edit.Secrets})

	return err
}

// EditAction writes account and options of one action of a connect. Hold
// LockConnect from reading the step to this call.
func (c *Client) EditAction(ctx context.Context, connectID, stepID string, edit StepEdit) error {
	params := connectParam(connectID)
	params["stepId"] = stepID

	_, err := c.write(ctx, connectID, call{op: EditActionOptions, params: params, body: edit.body(), secrets: edit.Secrets})

	return err
}

// TurnOn turns a connect on. The service refuses while required options, a
// required account or (perhaps) a successful test are missing.
func (c *Client) TurnOn(ctx context.Context, connectID string) error {
	return c.turn(ctx, TurnOnConnect, connectID, true)
}

// TurnOff turns a connect off.
func (c *Client) TurnOff(ctx context.Context, connectID string) error {
	return c.turn(ctx, TurnOffConnect, connectID, false)
}

// move turns a connect on or off.
func (c *Client) move(ctx context.Context, connectID string, on bool) error {
	if on {
		return c.TurnOn(ctx, connectID)
	}

	return c.TurnOff(ctx, connectID)
}

// turn moves the switch, and once more when the answer is a success that shows
// the connect as it was. An error is then ErrNotTaken.
func (c *Client) turn(ctx context.Context, op OperationName, connectID string, on bool) error {
	for range 2 {
		env, err := c.write(ctx, connectID, call{op: op, params: connectParam(connectID)})
		if err != nil {
			return err
		}

		if _, connect := partOf(env, connectID); connect == nil || connect.On == on {
			return nil
		}
	}

	return ErrNotTaken
}

// Rename changes the name of a connect.
func (c *Client) Rename(ctx context.Context, connectID, name string) error {
	_, err := c.write(ctx, connectID, call{op: UpdateConnectName, params: connectParam(connectID), body: map[string]string{"name": name}})

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
		c.directory.wrote(connectID, DeleteConnect, nil)
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

			for _, wire := range entries {
				if !yield(wire.public(), nil) {
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

func (w wireHistoryEntry) public() HistoryEntry {
	return HistoryEntry{
		ID: w.id(), ConnectID: string(w.ConnectID), Status: string(w.Status), Message: string(w.Message),
		StartedAt: string(w.StartedAt), FinishedAt: string(w.FinishedAt), Tasks: w.Tasks.value,
	}
}

func connectParam(id string) map[string]string { return map[string]string{"connectId": id} }
