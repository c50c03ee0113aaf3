package tfkit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

func TestFetchKeeps(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err   error
		calls int32
	}{
		"values":                  {calls: 1},
		"failures":                {err: errors.New("HTTP 500"), calls: 1},
		"not that there is none":  {err: fmt.Errorf("account: %w", connectapi.ErrNotFound), calls: 3},
		"not refused credentials": {err: connectapi.ErrUnauthorized, calls: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var (
				metadata tfkit.Metadata
				calls    atomic.Int32
			)

			for range 3 {
				value, err := tfkit.Fetch(t.Context(), &metadata, "key", func(context.Context) (int, error) {
					calls.Add(1)
					return 7, tc.err
				})
				if !errors.Is(err, tc.err) || err == nil && value != 7 {
					t.Errorf("got %d, %v", value, err)
				}
			}
			if calls.Load() != tc.calls {
				t.Errorf("fetched %d times, want %d", calls.Load(), tc.calls)
			}
		})
	}
}

// TestFetchForgetsWhatWasInterrupted: Ctrl-C says nothing about the service.
func TestFetchForgetsWhatWasInterrupted(t *testing.T) {
	t.Parallel()
	var metadata tfkit.Metadata
	ctx, cancel := context.WithCancel(t.Context())

	_, err := tfkit.Fetch(ctx, &metadata, "key", func(ctx context.Context) (int, error) {
		cancel()
		return 0, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	value, err := tfkit.Fetch(t.Context(), &metadata, "key", func(context.Context) (int, error) { return 7, nil })
	if value != 7 || err != nil {
		t.Errorf("afterwards %d, %v", value, err)
	}
}

func TestFetchSharesARequest(t *testing.T) {
	t.Parallel()
	var (
		metadata tfkit.Metadata
		calls    atomic.Int32
		group    sync.WaitGroup
	)

	for range 20 {
		group.Go(func() {
			value, err := tfkit.Fetch(t.Context(), &metadata, "key", func(context.Context) (int, error) { return int(calls.Add(1)), nil })
			if value != 1 || err != nil {
				t.Errorf("got %d, %v", value, err)
			}
		})
	}
	group.Wait()
}
