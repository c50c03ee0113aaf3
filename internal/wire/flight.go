package wire

import (
	"context"
	"errors"
	"sync"
)

// Flight lets concurrent callers share one run of a function. The zero value is
// ready for use.
type Flight[T any] struct {
	mu   sync.Mutex
	call *flightCall[T]
}

type flightCall[T any] struct {
	done  chan struct{}
	value T
	err   error
	// left is set when the run failed because its caller went away.
	left bool
}

var errFlightEnded = errors.New("the shared attempt ended without a result")

// Do runs fn unless it is running, and returns that run's result. The first
// caller's context governs the run; when it ends, one of the others runs fn.
func (f *Flight[T]) Do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	for {
		f.mu.Lock()
		if f.call == nil {
			own := &flightCall[T]{done: make(chan struct{}), err: errFlightEnded}
			f.call = own
			f.mu.Unlock()
			return f.lead(ctx, own, fn)
		}
		joined := f.call
		f.mu.Unlock()
		select {
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		case <-joined.done:
			if !joined.left {
				return joined.value, joined.err
			}
		}
	}
}

func (f *Flight[T]) lead(ctx context.Context, own *flightCall[T], fn func(context.Context) (T, error)) (T, error) {
	defer func() {
		f.mu.Lock()
		f.call = nil
		f.mu.Unlock()
		close(own.done)
	}()
	own.value, own.err = fn(ctx)
	own.left = own.err != nil && ctx.Err() != nil
	return own.value, own.err
}

// Memo keeps a value a key for as long as it lives. Errors are not kept. The
// zero value is ready for use.
type Memo[V any] struct {
	mu      sync.Mutex
	entries map[string]*memoEntry[V]
}

type memoEntry[V any] struct {
	flight Flight[V]
	mu     sync.Mutex
	known  bool
	value  V
}

// Get returns the value of a key, and fetches it when it is not there. Callers
// of the same key share one fetch, which succeeds once and no more.
func (m *Memo[V]) Get(ctx context.Context, key string, fetch func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	if m.entries == nil {
		m.entries = map[string]*memoEntry[V]{}
	}
	entry := m.entries[key]
	if entry == nil {
		entry = &memoEntry[V]{}
		m.entries[key] = entry
	}
	m.mu.Unlock()
	if value, known := entry.get(); known {
		return value, nil
	}
	return entry.flight.Do(ctx, func(ctx context.Context) (V, error) {
		// It may have been fetched between the look above and this flight.
		if value, known := entry.get(); known {
			return value, nil
		}
		value, err := fetch(ctx)
		if err == nil {
			entry.set(value)
		}
		return value, err
	})
}

func (e *memoEntry[V]) get() (V, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.value, e.known
}

func (e *memoEntry[V]) set(value V) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.value, e.known = value, true
}
