package connectapi

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// TestKeyedLocksLeaveNothing: an entry lives only as long as it is needed.
func TestKeyedLocksLeaveNothing(t *testing.T) {
	t.Parallel()

	locks := newKeyedLocks()
	inside := 0

	var wg sync.WaitGroup

	for i := range 50 {
		wg.Go(func() {
			ctx := t.Context()

			if i%5 == 0 {
				canceled, cancel := context.WithCancel(ctx)
				cancel()

				ctx = canceled
			}

			release, err := locks.acquire(ctx, "key")
			if err != nil {
				if !errors.Is(err, context.Canceled) || ctx.Err() == nil {
					t.Errorf("error: %v", err)
				}

				return
			}

			// The race detector and the count both tell when two are inside.
			inside++
			if inside != 1 {
				t.Errorf("%d are inside", inside)
			}

			inside--

			release()
		})
	}

	wg.Wait()

	if len(locks.locks) != 0 {
		t.Errorf("left behind: %v", locks.locks)
	}
}

// TestMemo: one fetch for many callers, which a caller that leaves does not end.
func TestMemo(t *testing.T) {
	t.Parallel()

	var (
		kept    memo[string]
		fetches int
	)

	started, finish := make(chan struct{}), make(chan struct{})
	fetch := func(ctx context.Context) (string, error) {
		fetches++

		close(started)
		<-finish

		return "value", ctx.Err()
	}

	ctx, cancel := context.WithCancel(t.Context())
	left, stayed := make(chan error, 1), make(chan error, 1)

	go func() {
		_, err := kept.get(ctx, "key", fetch)
		left <- err
	}()

	<-started

	go func() {
		value, err := kept.get(t.Context(), "key", fetch)
		if value != "value" {
			err = errors.Join(err, errors.New("another value"))
		}

		stayed <- err
	}()

	cancel()

	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left: %v", err)
	}

	close(finish)

	if err := <-stayed; err != nil {
		t.Errorf("the caller that stayed: %v", err)
	}

	if value, err := kept.get(ctx, "key", fetch); value != "value" || err != nil {
		t.Errorf("kept: %q, %v", value, err)
	}

	if fetches != 1 {
		t.Errorf("%d fetches", fetches)
	}
}

// TestMemoKeepsNoError fetches again after a failure.
func TestMemoKeepsNoError(t *testing.T) {
	t.Parallel()

	var kept memo[string]

	broken := errors.New("broken")

	if _, err := kept.get(t.Context(), "key", func(context.Context) (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Errorf("error: %v", err)
	}

	value, err := kept.get(t.Context(), "key", func(context.Context) (string, error) { return "value", nil })
	if value != "value" || err != nil {
		t.Errorf("got %q, %v", value, err)
	}
}
