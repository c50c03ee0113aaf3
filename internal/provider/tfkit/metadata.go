package tfkit

import (
	"context"
	"errors"
	"sync"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// Metadata is what plans are checked against, shared by all resources of a run.
// Everything is fetched once. What could not be fetched is not asked for again:
// a service in trouble would delay the plan of each resource, to be told the
// same. The zero value is ready for use.
type Metadata struct {
	mu     sync.Mutex
	kept   map[string]*fetched
	warned bool
}

type fetched struct {
	done  chan struct{}
	value any
	err   error
}

// Fetch returns what fetch returned for the key the first time. That there is
// no such object, and refused credentials, are not kept: they are errors of the
// plan, which a later one may not have.
func Fetch[V any](ctx context.Context, m *Metadata, key string, fetch func(context.Context) (V, error)) (V, error) {
	var none V
	m.mu.Lock()

	known, ok := m.kept[key]
	if ok {
		m.mu.Unlock()
		select {
		case <-known.done:
		case <-ctx.Done():
			return none, ctx.Err()
		}
	} else {
		known = &fetched{done: make(chan struct{})}
		if m.kept == nil {
			m.kept = map[string]*fetched{}
		}
		m.kept[key] = known
		m.mu.Unlock()

		known.value, known.err = fetch(ctx)
		m.settle(ctx, key, known)
	}
	if known.err != nil {
		return none, known.err
	}
	value, _ := known.value.(V)
	return value, nil
}

// settle lets those go who wait, and forgets what is not to be kept.
func (m *Metadata) settle(ctx context.Context, key string, known *fetched) {
	if ctx.Err() != nil || errors.Is(known.err, connectapi.ErrNotFound) || errors.Is(known.err, connectapi.ErrUnauthorized) {
		m.mu.Lock()
		delete(m.kept, key)
		m.mu.Unlock()
	}
	close(known.done)
}

// WarnOnce tells whether this is the first time that something could not be
// checked: one warning in a run is read, one for each resource is not.
func (m *Metadata) WarnOnce() bool {
	m.mu.Lock()
	defer m.mu.Unlock()

	first := !m.warned
	m.warned = true
	return first
}
