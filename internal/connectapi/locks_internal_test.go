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
