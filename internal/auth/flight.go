package auth

import (
	"context"
	"errors"
	"sync"
)

// flight lets concurrent callers share one run of a function.
type flight[T any] struct {
	mu   sync.Mutex
	call *call[T]
}

type call[T any] struct {
	done  chan struct{}
	value T
	err   error
}

var errFlightEnded = errors.New("the shared attempt ended without a result")

// do runs fn unless it is running, and returns that run's result. The first
// caller's context governs the run; when it ends, one of the others runs fn.
func (f *flight[T]) do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	for {
		f.mu.Lock()
		if f.call == nil {
			own := &call[T]{done: make(chan struct{}), err: errFlightEnded}
			f.call = own
			f.mu.Unlock()
			return f.lead(ctx, own, fn)
		}
		joined := f.call
		f.mu.Unlock()
		select {
		case <-ctx.Done():
			var zero T
			return zero, ctx.Err()
		case <-joined.done:
			if !isContextError(joined.err) {
				return joined.value, joined.err
			}
		}
	}
}

func (f *flight[T]) lead(ctx context.Context, own *call[T], fn func(context.Context) (T, error)) (T, error) {
	defer func() {
		f.mu.Lock()
		f.call = nil
		f.mu.Unlock()
		close(own.done)
	}()
	own.value, own.err = fn(ctx)
	return own.value, own.err
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
