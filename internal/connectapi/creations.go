package connectapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// creations remembers which connects this process made, so that it never takes
// one of them for the answer to another call.
type creations struct {
	mu   sync.Mutex
	made map[string]bool
}

func (c *creations) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.made == nil {
		c.made = map[string]bool{}
	}

	c.made[id] = true
}

func (c *creations) has(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.made[id]
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

// clockSlack is how far the clocks of this machine and of the service may
// differ when an interrupted creation is looked for.
const clockSlack = 5 * time.Minute

// createAttempts is how often a creation is begun when looking shows that the
// attempt before made nothing.
const createAttempts = 2

// CreateConnect makes a connect from a popular match. It is created off, with
// no account and no options (assumed).
//
// A creation whose outcome is unknown is not simply repeated. The service is
// looked at: a new connect of that match and name that nobody else of this
// process made is taken over, and found is true; none means that it is safe to
// create; several are an *AmbiguousCreateError. The call is not cut off when
// ctx ends, because that would make its outcome unknown.
func (c *Client) CreateConnect(ctx context.Context, popularMatchID, name string) (created *Connect, found bool, err error) {
	// Two creations of the same match and name at once could not be told apart.
	release, err := c.locks.acquire(ctx, "create\x00"+popularMatchID+"\x00"+name)
	if err != nil {
		return nil, false, fmt.Errorf("wait for another creation of %q: %w", name, err)
	}
	defer release()

	before, err := c.directory.survey(ctx, 0)
	if err != nil {
		return nil, false, fmt.Errorf("see which connects exist: %w", err)
	}

	isNew := func(connect Connect) bool {
		return connect.PopularMatchID == popularMatchID && connect.Name == name && !connect.On &&
			c.directory.isNews(connect.ID, before) && !c.creations.has(connect.ID)
	}

	ctx, cancel := uncut(ctx)
	defer cancel()

	for range createAttempts {
		if created, err = c.create(ctx, popularMatchID, name); err == nil || !OutcomeUnknown(err) {
			return created, false, err
		}

		created, lookErr := c.findOne(ctx, name, err, isNew)
		if created != nil || lookErr != nil {
			return created, created != nil, lookErr
		}
	}

	return nil, false, err
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
	return c.findOne(ctx, name, nil, func(connect Connect) bool {
		return connect.PopularMatchID == popularMatchID && connect.Name == name && !connect.On &&
			!c.creations.has(connect.ID) && connect.untouched() && connect.createdSince(since.Add(-clockSlack))
	})
}

// findOne looks at fresh listings until one shows a candidate, for as long as a
// listing may take to show what was just made.
func (c *Client) findOne(ctx context.Context, name string, cause error, candidate func(Connect) bool) (*Connect, error) {
	for i := 0; ; i++ {
		all, err := c.directory.list(ctx, c.directory.moment())
		if err != nil {
			return nil, errors.Join(cause, fmt.Errorf("look whether the connect %q was created: %w", name, err))
		}

		var candidates []Connect

		for _, connect := range all {
			if candidate(connect) {
				candidates = append(candidates, connect)
			}
		}

		switch {
		case len(candidates) == 1:
			c.creations.add(candidates[0].ID)

			return &candidates[0], nil
		case len(candidates) > 1:
			ambiguous := &AmbiguousCreateError{Name: name, Err: cause}
			for _, connect := range candidates {
				ambiguous.IDs = append(ambiguous.IDs, connect.ID)
			}

			return nil, ambiguous
		case i == len(c.directory.waits):
			return nil, nil //nolint:nilnil // nothing was made is an answer of its own.
		}

		if err := sleep(ctx, c.directory.waits[i]); err != nil {
			return nil, err
		}
	}
}

func (c *Client) create(ctx context.Context, popularMatchID, name string) (*Connect, error) {
	env, err := c.do(ctx, call{
		op: CreateConnect, params: map[string]string{"popularMatchId": popularMatchID}, body: map[string]string{"name": name},
	})
	if err != nil {
		return nil, err
	}

	// The id alone is enough: everything else can be read.
	var bare struct {
		identity
		ConnectID idText `json:"connectId"`
		Connect   struct {
			identity
		} `json:"connect"`
	}

	_ = json.Unmarshal(env.payload, &bare)

	id := bare.id()
	for _, other := range []string{string(bare.ConnectID), bare.Connect.id()} {
		if id == "" {
			id = other
		}
	}

	if id == "" {
		return nil, env.unexpected("the answer names no id of the new connect")
	}

	c.creations.add(id)

	created := connectOf(env, id)
	c.directory.wrote(id, CreateConnect, created)

	if created == nil {
		return c.Connect(ctx, id)
	}

	return created, nil
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
