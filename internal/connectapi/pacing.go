package connectapi

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// RetryPolicy bounds the repetition of calls. What may be repeated depends on
// the effect of the operation, see Effect.
type RetryPolicy struct {
	// Max is the number of repetitions after the first attempt; 0 means none.
	// Being asked to come back later (429) is no failure and may happen
	// refusalsPerRetry times as often.
	Max int
	// MinWait and MaxWait bound the wait before a repetition. Zero values mean
	// one second and thirty seconds.
	MinWait, MaxWait time.Duration
}

const (
	// DefaultMaxRetries is the number of repetitions when nothing else is set.
	DefaultMaxRetries = 4
	// refusalsPerRetry: a service that limits its rate refuses many calls of a
	// large apply, some of them again and again, and none of them for good.
	refusalsPerRetry = 15
	// refusedWait and refusedTries bound the time until a refused connection is
	// reported: nobody listens there, and a person waits for the message.
	refusedWait  = 400 * time.Millisecond
	refusedTries = 3
	// maxAnswerBytes bounds an answer after decompression. A page of a hundred
	// connects with long options stays far below it.
	maxAnswerBytes = 16 << 20
)

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.MinWait == 0 {
		p.MinWait = time.Second
	}
	if p.MaxWait == 0 {
		p.MaxWait = 30 * time.Second
	}
	return p
}

// wait doubles from the least to the most and takes up to half of it off again,
// so that ten parallel calls do not return together.
func (p RetryPolicy) wait(failures int) time.Duration {
	wait := p.MinWait
	for range failures - 1 {
		wait = min(2*wait, p.MaxWait)
	}
	return max(p.MinWait, wait-rand.N(wait/2+1)) //nolint:gosec // the jitter is no secret.
}

// pacer holds all attempts of a client back: to max_requests_per_second, and,
// after the service refused one for coming too soon, until it wants to be asked
// again. Without that every parallel call would have to be refused by itself.
type pacer struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time
}

// wait returns when an attempt may start. The error says why there is no time.
func (p *pacer) wait(ctx context.Context, clock wire.Clock) error {
	deadline, bounded := ctx.Deadline()
	for {
		p.mu.Lock()
		pause := p.until.Sub(clock.Now())
		p.mu.Unlock()
		if pause <= 0 {
			break
		}
		if bounded && clock.Now().Add(pause).After(deadline) {
			return fmt.Errorf("%w: the service asked to come back in %s, later than the time that this operation has", ErrRateLimited, pause.Round(time.Second))
		}
		// The jitter keeps the calls that waited from returning together.
		const spread = 5
		if err := wire.Sleep(ctx, clock, pause+rand.N(pause/spread+1)); err != nil { //nolint:gosec // the jitter is no secret.
			return fmt.Errorf("wait until the service takes requests again: %w", err)
		}
	}
	if p.limiter == nil {
		return nil
	}
	now := clock.Now()
	turn := p.limiter.ReserveN(now, 1)
	pause := turn.DelayFrom(now)
	if bounded && now.Add(pause).After(deadline) {
		turn.CancelAt(now)
		return fmt.Errorf("%w: max_requests_per_second leaves no turn within the time that this operation has", ErrRateLimited)
	}
	if err := wire.Sleep(ctx, clock, pause); err != nil {
		turn.CancelAt(clock.Now())
		return fmt.Errorf("wait for max_requests_per_second: %w", err)
	}
	return nil
}

// refused learns from a refusal when the service wants to be asked again.
func (p *pacer) refused(header http.Header, now time.Time) {
	pause, ok := wire.RetryAfter(header.Get("Retry-After"), now)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := now.Add(pause); until.After(p.until) {
		p.until = until
	}
}
