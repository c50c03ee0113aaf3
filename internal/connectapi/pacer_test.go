package connectapi_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestRateLimit: a service that takes a small part of what ten parallel
// creations ask for refuses many calls, and none for good.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	const many, atOnce, perSecond = 30, 10, 15
	b := newBench(t, simulator.Config{RequestsPerSecond: perSecond, Burst: 5}, func(c *connectapi.Config) {
		c.Retry = connectapi.RetryPolicy{Max: connectapi.DefaultMaxRetries}
	})
	var wait sync.WaitGroup
	slots := make(chan struct{}, atOnce)

	for i := range many {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if _, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, fmt.Sprintf("Leads %d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if held := len(b.sim.Connects()); held != many {
		t.Errorf("the service holds %d connects, want %d", held, many)
	}
	refused := 0
	for _, entry := range b.sim.Journal() {
		if entry.Status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused, so that the test proves nothing")
	}
}
