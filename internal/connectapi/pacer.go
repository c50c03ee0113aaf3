package connectapi

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer holds all attempts of a client back: to max_requests_per_second, and,
// after the service refused one for coming too soon, until it wants to be asked
// again. Without that every parallel call would have to be refused by itself.
type pacer struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time
}

func newPacer(perSecond float64) *pacer {
	if perSecond <= 0 {
		return &pacer{}
	}

	// A service may count over a shorter time than a second: so no two requests
	// are closer than the limit says.
	return &pacer{limiter: rate.NewLimiter(rate.Limit(perSecond), 1)}
}

// wait returns when an attempt may start.
func (p *pacer) wait(ctx context.Context) error {
	for {
		p.mu.Lock()
		pause := time.Until(p.until)
		p.mu.Unlock()

		if pause <= 0 {
			break
		}

		// The jitter keeps the calls that waited from returning together.
		const spread = 5

		if err := sleep(ctx, pause+rand.N(pause/spread+1)); err != nil { //nolint:gosec // the jitter is no secret.
			return fmt.Errorf("wait until the service takes requests again: %w", err)
		}
	}

	if p.limiter == nil {
		return nil
	}

	if err := p.limiter.Wait(ctx); err != nil {
		return fmt.Errorf("wait for max_requests_per_second: %w", err)
	}

	return nil
}

// answered learns from an answer when the service wants to be asked again.
func (p *pacer) answered(resp *http.Response) {
	if resp.StatusCode != http.StatusTooManyRequests {
		return
	}

	pause, ok := retryAfter(resp.Header.Get("Retry-After"), time.Now())
	if !ok {
		return
	}

	p.mu.Lock()
	defer p.mu.Unlock()

	if until := time.Now().Add(pause); until.After(p.until) {
		p.until = until
	}
}

// longestPause is what a longer one is cut to: a day is longer than any
// operation may take.
const longestPause = 24 * time.Hour

// retryAfter reads the header Retry-After: seconds, or a date.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		// As a duration, a large number would turn negative.
		return time.Duration(min(seconds, int(longestPause/time.Second))) * time.Second, true
	}

	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}

	return min(max(0, at.Sub(now)), longestPause), true
}
