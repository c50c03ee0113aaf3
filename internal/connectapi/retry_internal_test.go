package connectapi

import (
	"testing"
	"time"
)

// TestBackoff: no wait leaves its bounds.
func TestBackoff(t *testing.T) {
	t.Parallel()
	policy := RetryPolicy{MinWait: 100 * time.Millisecond, MaxWait: 2 * time.Second}
	for failures, bounds := range map[int][2]time.Duration{
		1:  {policy.MinWait, policy.MinWait},
		3:  {2 * policy.MinWait, 4 * policy.MinWait},
		40: {policy.MaxWait / 2, policy.MaxWait},
	} {
		for range 100 {
			if got := policy.wait(failures); got < bounds[0] || got > bounds[1] {
				t.Fatalf("after %d failures %s is not within %s", failures, got, bounds)
			}
		}
	}
}
