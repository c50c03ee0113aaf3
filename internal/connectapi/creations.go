package connectapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Created is a connect that was made, or found to have been made by a call whose
// answer was lost.
type Created struct {
	ID string
	// Connect is the connect when the answer, or a listing, showed it whole.
	Connect *Connect
	// Found means that the answer was lost and a listing showed the connect.
	Found bool
}

// AmbiguousCreateError tells that the answer to a creation was lost and that
// more than one new connect could be the one that it made.
type AmbiguousCreateError struct {
	Name string
	// IDs are the connects that could be it.
	IDs []string
	// Err is what happened to the call, or nil when another process made it.
	Err error
}

// Error implements error.
func (e *AmbiguousCreateError) Error() string {
	text := fmt.Sprintf("the answer to the creation of %q was lost, and several new connects could be it: %s", e.Name, strings.Join(e.IDs, ", "))
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *AmbiguousCreateError) Unwrap() error { return e.Err }

// LostCreateError tells that the answer to a creation was lost and that no
// listing has shown a new connect since, so that it is not known whether there is
// one.
type LostCreateError struct {
	Name string
	// Err is what happened to the call.
	Err error
}

// Error implements error.
func (e *LostCreateError) Error() string {
	return fmt.Sprintf("the answer to the creation of %q was lost and no new connect is listed, so it is not known whether the service made one: %v", e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *LostCreateError) Unwrap() error { return e.Err }

// clockSlack is how far the clocks of this machine and of the service may
// differ when a creation is looked for.
const clockSlack = 5 * time.Minute

// CreateConnect makes a connect from a popular match. It is created off, with
// no account and no options (assumed). Only its id is certain: it is returned
// the moment it is known, apart from any reading.
//
// The call is sent again only when it certainly never reached the service. When
// its outcome is unknown the service is looked at, for as long as the operation
// may take: one new connect of that match and name that nobody else of this
// process made is taken over; several are an *AmbiguousCreateError, none is a
// *LostCreateError. The call is not cut off when ctx ends, because that would
// make its outcome unknown.
func (c *Client) CreateConnect(ctx context.Context, popularMatchID, name string) (Created, error) {
	// Two creations of the same match and name at once could not be told apart.
	release, err := c.locks.acquire(ctx, "create\x00"+popularMatchID+"\x00"+name)
	if err != nil {
		return Created{}, fmt.Errorf("wait for another creation of %q: %w", name, err)
	}
	defer release()
	// A listing that moves leaves out at worst what is old.
	before, _, err := c.directory.listNamed(ctx, c.directory.within(readAge), name)
	if err != nil {
		return Created{}, fmt.Errorf("see which connects exist: %w", err)
	}
	began := c.clock.Now()
	ctx, cancel := uncut(ctx)
	defer cancel()
	made, err := get[dialect.Connect](ctx, c, call{op: dialect.CreateConnect, args: args("popularMatchId", popularMatchID, "name", name)})
	if err == nil {
		// The id alone is enough: everything else can be read.
		created := Created{ID: made.ID}
		if isWhole(made) {
			whole := connectOf(*made)
			created.Connect = &whole
		}
		c.directory.made(created.ID, created.Connect)
		return created, nil
	}
	if !OutcomeUnknown(err) {
		return Created{}, err
	}
	pauses := c.settle
	if stillWorking(err) {
		pauses = c.lost
	}
	found, err := c.findOne(ctx, name, err, pauses, func(connect *Connect) bool {
		return connect.isOf(popularMatchID, name) && connect.createdSince(began.Add(-clockSlack)) &&
			!slices.ContainsFunc(before, func(known Connect) bool { return known.ID == connect.ID })
	})
	if err != nil || found == nil {
		return Created{}, err
	}
	return Created{ID: found.ID, Connect: found, Found: true}, nil
}

// uncut is a context that ends with the deadline of another, but not when that
// is canceled.
func uncut(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithoutCancel(ctx), func() {}
	}
	return context.WithDeadline(context.WithoutCancel(ctx), deadline)
}

// FindInterrupted looks for the connect that an earlier process began to make
// at a time and whose id it never recorded: one of that match and name, created
// since, off, and never changed. It is nil when there is none; several are an
// *AmbiguousCreateError.
func (c *Client) FindInterrupted(ctx context.Context, popularMatchID, name string, since time.Time) (*Connect, error) {
	return c.findOne(ctx, name, nil, c.settle, func(connect *Connect) bool {
		return connect.isOf(popularMatchID, name) && !connect.On && connect.untouched() && connect.createdSince(since.Add(-clockSlack))
	})
}

// findOne looks at new listings until one shows a candidate that this client did
// not make. Without one the error is a *LostCreateError of the cause, if any.
func (c *Client) findOne(ctx context.Context, name string, cause error, pauses []time.Duration, candidate func(*Connect) bool) (*Connect, error) {
	for i := 0; ; i++ {
		all, _, err := c.directory.listNamed(ctx, c.directory.now(), name)
		if err != nil {
			err = fmt.Errorf("look whether the connect %q was created: %w", name, err)
			if cause != nil {
				return nil, &LostCreateError{Name: name, Err: errors.Join(cause, err)}
			}
			return nil, err
		}
		candidates := slices.DeleteFunc(all, func(connect Connect) bool { return !candidate(&connect) || c.directory.isOurs(connect.ID) })
		switch {
		case len(candidates) == 1:
			c.directory.made(candidates[0].ID, &candidates[0])
			return &candidates[0], nil
		case len(candidates) > 1:
			ambiguous := &AmbiguousCreateError{Name: name, Err: cause}
			for _, connect := range candidates {
				ambiguous.IDs = append(ambiguous.IDs, connect.ID)
			}
			return nil, ambiguous
		case i == len(pauses) && cause != nil:
			return nil, &LostCreateError{Name: name, Err: cause}
		case i == len(pauses):
			return nil, nil //nolint:nilnil // nothing was made is an answer of its own.
		}
		if err := wire.Sleep(ctx, c.clock, pauses[i]); err != nil {
			if cause != nil {
				return nil, &LostCreateError{Name: name, Err: cause}
			}
			return nil, err
		}
	}
}

// untouched tells whether nobody has changed a connect since it was created.
func (c *Connect) untouched() bool {
	if c.CreatedAt != "" && c.UpdatedAt != "" {
		return c.CreatedAt == c.UpdatedAt
	}
	for _, step := range append([]Step{c.Trigger}, c.Actions...) {
		if step.AccountID != "" || len(step.Options) > 0 {
			return false
		}
	}
	return true
}

// createdSince is true, too, when the service does not say when.
func (c *Connect) createdSince(t time.Time) bool {
	created, err := time.Parse(time.RFC3339, c.CreatedAt)
	return err != nil || !created.Before(t)
}
