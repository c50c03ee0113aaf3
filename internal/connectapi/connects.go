package connectapi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
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

// HistoryEntry is one run, test or change of a connect.
type HistoryEntry = dialect.HistoryEntry

// connectOf is what the dialect read, as this client knows it.
func connectOf(d dialect.Connect) Connect {
	connect := Connect{
		ID: d.ID, Name: textOf(d.Name), PopularMatchID: textOf(d.PopularMatchID), Status: textOf(d.Status), On: d.On,
		Trigger: Step{HidesAccount: true}, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
	if d.Trigger != nil {
		connect.Trigger = stepOf(*d.Trigger)
	}
	for _, action := range d.Actions {
		connect.Actions = append(connect.Actions, stepOf(action))
	}
	return connect
}

func stepOf(d dialect.Step) Step {
	return Step{
		ID: d.ID, AppID: d.AppID, EventID: d.EventID, AccountID: textOf(d.AccountID), HidesAccount: d.AccountID == nil, Options: jsonValues(d.Options),
	}
}

func textOf(shown *string) string {
	if shown == nil {
		return ""
	}
	return *shown
}

// isWhole reports whether nothing is left out. To take a part for the whole would
// make every option look removed.
func isWhole(d *dialect.Connect) bool {
	return d.Name != nil && *d.Name != "" && d.Status != nil && d.Trigger != nil && d.Trigger.Options != nil && len(d.Actions) > 0 &&
		!slices.ContainsFunc(d.Actions, func(action dialect.Step) bool { return action.Options == nil })
}

// hides reports whether a reading does not show all steps with their options.
func (c *Connect) hides() bool {
	return c.Trigger.Options == nil || len(c.Actions) == 0 ||
		slices.ContainsFunc(c.Actions, func(action Step) bool { return action.Options == nil })
}

func (c *Client) listConnects(ctx context.Context) (connects []Connect, moved, err error) {
	listed, moved, err := readOnce[dialect.Connect](ctx, c, call{op: dialect.ListConnects, proven: true})
	connects = make([]Connect, len(listed))
	for i, entry := range listed {
		connects[i] = connectOf(entry.Value)
		if connects[i].ID = entry.ID; entry.Err != nil {
			connects[i].Unreadable = fmt.Errorf("connect %s: %s: %w", entry.ID, c.said(entry.Err.Error()), ErrUnexpectedAnswer)
		}
	}
	return connects, moved, err
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
	return c.steady(ctx, since, func(since demand) ([]Connect, error, error) { return c.directory.list(ctx, since) })
}

// steady lists again while a listing may leave something out.
func (c *Client) steady(ctx context.Context, since demand, list func(demand) (connects []Connect, moved, err error)) ([]Connect, error) {
	for try := 1; ; try++ {
		all, moved, err := list(since)
		if err != nil || moved == nil {
			return all, err
		}
		if try == listingTries {
			return nil, moved
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[min(try, len(c.settle))-1]); err != nil {
			return nil, err
		}
		since = c.directory.now()
	}
}

// Connect returns one connect. The reference has no operation for it: all reads of
// a client share one listing. The connect is as it was known at most a minute ago,
// or as this client wrote it. Where the listing leaves something out and the
// dialect has get_connect, that is asked. The error is ErrNotFound when two
// complete listings, between which nothing else vanished, did not hold the id.
func (c *Client) Connect(ctx context.Context, id string) (*Connect, error) {
	connect, err := c.read(ctx, id, c.directory.within(readAge), false)
	if err != nil {
		return nil, err
	}
	return c.Whole(ctx, connect)
}

// Whole returns a connect of a listing with what the listing leaves out, where the
// dialect has get_connect; else the connect as it is listed. The error of one that
// cannot be understood says why.
func (c *Client) Whole(ctx context.Context, listed *Connect) (*Connect, error) {
	if listed.Unreadable != nil {
		return nil, listed.Unreadable
	}
	if listed.hides() && c.dialect.Has(dialect.GetConnect) {
		return c.getConnect(ctx, listed.ID)
	}
	return listed, nil
}

// getConnect asks for one connect. That it is not found counts when no listing
// shows it either.
func (c *Client) getConnect(ctx context.Context, id string) (*Connect, error) {
	since := c.directory.now()
	at := c.clock.Now()
	shown, err := get[dialect.Connect](ctx, c, call{op: dialect.GetConnect, args: args("connectId", id)})
	if IsNotFound(err) {
		if listed, lookErr := c.directory.find(ctx, id, c.directory.now()); lookErr != nil || listed != nil {
			return nil, fmt.Errorf("get_connect answers that connect %s does not exist, and the listing shows it (%w): %w", id, ErrUnexpectedAnswer, errors.Join(lookErr, errors.New(err.Error())))
		}
	}
	if err != nil {
		return nil, err
	}
	connect := connectOf(*shown)
	c.directory.showed(id, since.moment, at, &connect)
	return &connect, nil
}

// Expect tells the client that an earlier run made a connect at a time. One made
// just now may not be listed yet, and is waited for.
func (c *Client) Expect(id string, made time.Time) { c.directory.expect(id, made) }

// IsOn reports whether a status word of the service means on; known is false for a
// word that means neither.
func (c *Client) IsOn(status string) (on, known bool) { return c.dialect.Switch(status) }

// Namesakes returns the connects of a popular match and name.
func (c *Client) Namesakes(ctx context.Context, popularMatchID, name string) ([]Connect, error) {
	all, err := c.steady(ctx, c.directory.within(readAge), func(since demand) ([]Connect, error, error) { return c.directory.listNamed(ctx, since, name) })
	return slices.DeleteFunc(all, func(connect Connect) bool { return !connect.isOf(popularMatchID, name) }), err
}

// isOf reports whether a connect can be one of a popular match and name.
func (c *Connect) isOf(popularMatchID, name string) bool {
	return c.Name == name && (c.PopularMatchID == popularMatchID || c.PopularMatchID == "")
}

// read returns one connect in a reading no older than asked for. A connect that
// this client made is waited for. alone says that nobody else reads now, so that
// get_connect, where there is one, is less than a listing.
func (c *Client) read(ctx context.Context, id string, since demand, alone bool) (*Connect, error) {
	for i := 0; ; i++ {
		connect, known := c.directory.known(id, since)
		err := gone(id, connect)
		switch {
		case known:
		case alone && c.dialect.Has(dialect.GetConnect):
			connect, err = c.getConnect(ctx, id)
		default:
			connect, err = c.directory.get(ctx, id, since)
		}
		if err == nil && connect.Unreadable != nil {
			return nil, connect.Unreadable
		}
		if err == nil || !IsNotFound(err) || !c.directory.fresh(id) {
			return connect, err
		}
		if i == len(c.settle) {
			return nil, fmt.Errorf("connect %s was created and is not shown yet; run Terraform again: %w", id, ErrUnexpectedAnswer)
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return nil, err
		}
		since = c.directory.now()
	}
}

// answered reads the connect in the answer of a write, as far as it is there;
// whole reports whether nothing is left out.
func (c *Client) answered(r reply, id string) (connect *Connect, whole bool) {
	shown := c.dialect.Written(r.asked.op, r.body)
	if shown == nil || shown.ID != id || shown.Status == nil {
		return nil, false
	}
	read := connectOf(*shown)
	return &read, isWhole(shown)
}

// write makes a call that changes a connect. An answer that shows the whole
// connect with what was written is believed; after anything less the connect is
// read again by whoever needs it next. A connect that was just made may not be
// known everywhere yet: a 404 for it is waited for.
func (c *Client) write(ctx context.Context, id string, call call, shows func(*Connect) bool) (*Connect, error) {
	for i := 0; ; i++ {
		r, err := c.do(ctx, call)
		if err == nil {
			shown, whole := c.answered(r, id)
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
	write := call{op: dialect.EditTriggerOptions, args: args("connectId", connectID, "accountId", edit.accountID)}
	write.args["options"] = edit.options
	if edit.kind == ActionEvent {
		write.op, write.args["position"] = dialect.EditActionOptions, edit.position
		if edit.stepID != "" {
			write.args["stepId"] = edit.stepID
		}
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
	op := dialect.TurnOffConnect
	if on {
		op = dialect.TurnOnConnect
	}
	isThere := func(connect *Connect) bool { return connect.On == on }
	for range 2 {
		shown, err := c.write(ctx, connectID, call{op: op, args: args("connectId", connectID)}, isThere)
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
		connect, err := c.read(ctx, id, since, true)
		if err != nil || wanted(connect) || i == len(c.settle) {
			return connect, err
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return nil, err
		}
		since = c.directory.now()
	}
}

// Rename changes the name of a connect.
func (c *Client) Rename(ctx context.Context, connectID, name string) error {
	_, err := c.write(ctx, connectID, call{op: dialect.UpdateConnectName, args: args("connectId", connectID, "name", name)},
		func(connect *Connect) bool { return connect.Name == name })
	return err
}

// Delete deletes a connect. A connect that is already gone is an error that is
// ErrNotFound.
func (c *Client) Delete(ctx context.Context, connectID string) error {
	_, err := c.do(ctx, call{op: dialect.DeleteConnect, args: args("connectId", connectID)})
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
		for entries, err := range pages[HistoryEntry](ctx, c, historyOf(connectID)) {
			values, valueErr := valuesOf(entries)
			if err = errors.Join(err, valueErr); err != nil {
				yield(HistoryEntry{}, err)
				return
			}
			for _, entry := range values {
				// A message may quote what must not be shown.
				entry.Message = c.said(entry.Message)
				if !yield(entry, nil) {
					return
				}
			}
		}
	}
}

func historyOf(connectID string) call {
	return call{op: dialect.GetConnectHistory, args: args("connectId", connectID)}
}
