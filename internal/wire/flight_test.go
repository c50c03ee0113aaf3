package wire

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

var errOfTest = errors.New("the fetch failed")

// Callers of one key share one fetch, however they meet.
func TestMemoFetchesOnce(t *testing.T) {
	t.Parallel()
	for run := range 400 {
		var memo Memo[int64]
		var fetched atomic.Int64
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range 8 {
			wg.Go(func() {
				<-start
				value, err := memo.Get(t.Context(), "key", func(context.Context) (int64, error) { return fetched.Add(1), nil })
				if err != nil || value != 1 {
					t.Errorf("run %d: got %d, %v", run, value, err)
				}
			})
		}
		close(start)
		wg.Wait()
		if n := fetched.Load(); n != 1 {
			t.Fatalf("run %d: %d fetches", run, n)
		}
	}
}

func TestMemoKeepsNoError(t *testing.T) {
	t.Parallel()
	var memo Memo[string]
	if _, err := memo.Get(t.Context(), "a", func(context.Context) (string, error) { return "", errOfTest }); !errors.Is(err, errOfTest) {
		t.Errorf("error = %v", err)
	}
	for _, key := range []string{"a", "b"} {
		for range 2 {
			if got, err := memo.Get(t.Context(), key, func(context.Context) (string, error) { return key, nil }); err != nil || got != key {
				t.Errorf("%s: got %q, %v", key, got, err)
			}
		}
	}
}

// join starts a run that ends when told, joins it, and returns what the joined
// call got. The run's caller goes away before it ends when that is asked for.
func join(t *testing.T, leaderLeaves, followerLeaves bool) (value string, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		leader, leave := context.WithCancel(t.Context())
		follower, quit := context.WithCancel(t.Context())
		defer leave()
		defer quit()
		var flight Flight[string]
		goOn := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			_, _ = flight.Do(leader, func(ctx context.Context) (string, error) {
				<-goOn
				return "of the leader", ctx.Err()
			})
		})
		synctest.Wait()
		wg.Go(func() {
			value, err = flight.Do(follower, func(context.Context) (string, error) { return "of the follower", nil })
		})
		synctest.Wait()
		if leaderLeaves {
			leave()
		}
		if followerLeaves {
			quit()
			synctest.Wait()
		}
		close(goOn)
		wg.Wait()
	})
	return value, err
}

func TestFlight(t *testing.T) {
	t.Parallel()
	if value, err := join(t, false, false); err != nil || value != "of the leader" {
		t.Errorf("joined: got %q, %v", value, err)
	}
	if value, err := join(t, true, false); err != nil || value != "of the follower" {
		t.Errorf("a leader that went away: got %q, %v", value, err)
	}
	if _, err := join(t, false, true); !errors.Is(err, context.Canceled) {
		t.Errorf("a follower that went away: error = %v", err)
	}
}

func TestFlightThatPanicsLeavesNoLock(t *testing.T) {
	t.Parallel()
	var flight Flight[string]
	func() {
		defer func() { _ = recover() }()
		_, _ = flight.Do(t.Context(), func(context.Context) (string, error) { panic("x") })
	}()
	if value, err := flight.Do(t.Context(), func(context.Context) (string, error) { return "again", nil }); err != nil || value != "again" {
		t.Errorf("got %q, %v", value, err)
	}
}

// A timeout inside the run is its result: each follower that ran it again would
// wait as long as the first.
func TestFlightSharesATimeoutOfTheRun(t *testing.T) {
	t.Parallel()
	var flight Flight[string]
	call := &flightCall[string]{done: make(chan struct{}), err: context.DeadlineExceeded}
	flight.call = call
	close(call.done)
	if _, err := flight.Do(t.Context(), func(context.Context) (string, error) { return "run again", nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the shared one", err)
	}
}
