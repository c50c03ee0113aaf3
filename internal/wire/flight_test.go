package wire

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
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

// meet runs leader and, once it runs, follower on the same flight.
func meet(t *testing.T, flight *Flight[string], leader context.Context, run func(context.Context) (string, error), follower context.Context) (string, error) {
	t.Helper()
	running, goOn := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = flight.Do(leader, func(ctx context.Context) (string, error) {
			close(running)
			<-goOn
			return run(ctx)
		})
	})
	<-running
	var value string
	var err error
	joined := make(chan struct{})
	wg.Go(func() {
		close(joined)
		value, err = flight.Do(follower, func(context.Context) (string, error) { return "of the follower", nil })
	})
	<-joined
	if follower.Err() == nil {
		close(goOn)
		wg.Wait()
		return value, err
	}
	// A follower that has left does not wait for the leader.
	value, err = flight.Do(follower, func(context.Context) (string, error) { return "of the follower", nil })
	close(goOn)
	wg.Wait()
	return value, err
}

func TestFlight(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	t.Run("a leader that went away is replaced", func(t *testing.T) {
		t.Parallel()
		var flight Flight[string]
		value, err := meet(t, &flight, ended, func(ctx context.Context) (string, error) { return "", ctx.Err() }, t.Context())
		if err != nil || value != "of the follower" {
			t.Errorf("got %q, %v", value, err)
		}
	})
	t.Run("a follower that went away does not wait", func(t *testing.T) {
		t.Parallel()
		var flight Flight[string]
		_, err := meet(t, &flight, t.Context(), func(context.Context) (string, error) { return "of the leader", nil }, ended)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
	})
	t.Run("a panic leaves an error and no lock", func(t *testing.T) {
		t.Parallel()
		var flight Flight[string]
		func() {
			defer func() { _ = recover() }()
			_, _ = flight.Do(t.Context(), func(context.Context) (string, error) { panic("x") })
		}()
		if value, err := flight.Do(t.Context(), func(context.Context) (string, error) { return "again", nil }); err != nil || value != "again" {
			t.Errorf("got %q, %v", value, err)
		}
	})
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
