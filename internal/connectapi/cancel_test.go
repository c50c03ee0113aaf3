package connectapi_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestCancelEndsEveryWait: whatever a call waits for, Ctrl-C ends it within a
// tenth of a second.
func TestCancelEndsEveryWait(t *testing.T) {
	t.Parallel()
	const (
		prompt = 100 * time.Millisecond
		// attempts: a busy machine may be late once, not each time.
		attempts = 5
	)

	long := connectapi.RetryPolicy{Max: 3, MinWait: time.Minute, MaxWait: time.Minute}
	profile := func(ctx context.Context, b *bench, _ string) error {
		_, err := b.Profile(ctx)
		return err
	}

	for name, tc := range map[string]struct {
		configure func(*connectapi.Config)
		fault     simulator.Fault
		call      func(context.Context, *bench, string) error
	}{
		"an answer":     {fault: simulator.Fault{Operation: "get_profile", Kind: simulator.FaultHang}, call: profile},
		"Retry-After":   {fault: simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 429, RetryAfter: "60"}, call: profile},
		"the next try":  {fault: simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 503}, call: profile},
		"its turn":      {configure: func(c *connectapi.Config) { c.MaxRequestsPerSecond = 0.01 }, call: profile},
		"a shared page": {fault: simulator.Fault{Operation: "list_connects", Kind: simulator.FaultHang}, call: func(ctx context.Context, b *bench, id string) error { _, err := b.Connect(ctx, id); return err }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var took time.Duration

			for range attempts {
				b := newBench(t, simulator.Config{}, func(c *connectapi.Config) {
					c.Retry = long
					if tc.configure != nil {
						tc.configure(c)
					}
				})
				made := b.create(sheetsToHubSpot, true, false)
				if tc.fault.Operation == "" {
					// The first call has its turn at once, and only that.
					_ = profile(t.Context(), b, "")
				} else {
					tc.fault.Times = -1
					b.sim.AddFault(tc.fault)
				}
				ctx, cancel := context.WithCancel(t.Context())
				var canceled time.Time
				timer := time.AfterFunc(prompt, func() {
					canceled = time.Now()
					cancel()
				})

				err := tc.call(ctx, b, made.ID)
				ended := time.Now()
				if timer.Stop() || !errors.Is(err, context.Canceled) {
					t.Fatalf("it ended before it was canceled: %v", err)
				}
				if took = ended.Sub(canceled); took <= prompt {
					return
				}
			}
			t.Errorf("it ended %s after it was canceled", took)
		})
	}
}
