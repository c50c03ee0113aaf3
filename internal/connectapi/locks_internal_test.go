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
	if len(locks.waiting) != 0 {
		t.Errorf("left behind: %v", locks.waiting)
	}
}

// TestNoPauseIsLost: however the moments fall at which a lock is handed on, given
// back and no longer waited for, somebody answers for the pause until it ends.
func TestNoPauseIsLost(t *testing.T) {
	t.Parallel()
	for range 500 {
		locks := newKeyedLocks()
		first, err := locks.enter(t.Context(), "key", true)
		if err != nil {
			t.Fatal(err)
		}
		// Each of the others may be canceled while it waits or when it is its turn.
		var wg sync.WaitGroup
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			wg.Go(cancel)
			wg.Go(func() {
				lock, err := locks.enter(ctx, "key", true)
				if err != nil {
					return
				}
				defer lock.release()
				if !lock.giveUp() {
					lock.finish(pauseEnd{on: true})
				}
			})
		}
		ended := !first.handOn()
		for !ended {
			back, err := first.await(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if ended = !back; back && !first.handOn() {
				first.finish(pauseEnd{on: true})
				ended = true
			}
		}
		if first.pause != nil {
			select {
			case <-first.pause.done:
			default:
				t.Fatal("the pause has no end")
			}
		}
		first.release()
		wg.Wait()
		if len(locks.waiting) != 0 {
			t.Fatalf("left behind: %v", locks.waiting)
		}
	}
}
