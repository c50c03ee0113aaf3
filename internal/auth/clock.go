package auth

import (
	"context"
	"time"
)

// Clock is the time as this package sees it. Tests replace it.
type Clock interface {
	// Now is the local time.
	Now() time.Time
	// After delivers once the duration has passed.
	After(d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// pause waits on the clock and gives up when the context ends.
func pause(ctx context.Context, clock Clock, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-clock.After(d):
		return nil
	}
}

const (
	// maxEarlyRefresh is how long before its end a token is replaced at most.
	maxEarlyRefresh = time.Minute
	// offsetTolerance is the difference to the server's clock that is noise: the
	// Date header has whole seconds and the answer takes time to travel.
	offsetTolerance = 5 * time.Second
	// millisecondsFrom is the number from which a Unix time can only be in
	// milliseconds: in seconds it would lie 30,000 years ahead.
	millisecondsFrom = 1_000_000_000_000
)

// earlyRefresh is how long before its end a token counts as used up: one
// minute, or a tenth of its life when that is shorter.
func earlyRefresh(obtained, expires time.Time) time.Duration {
	life := expires.Sub(obtained)
	if obtained.IsZero() || life <= 0 {
		return 0
	}
	return min(maxEarlyRefresh, life/10)
}

// unixTime reads a Unix time in seconds or, recognized by its size, in
// milliseconds. Zero and negative numbers mean that the time is unknown.
func unixTime(n int64) time.Time {
	switch {
	case n <= 0:
		return time.Time{}
	case n >= millisecondsFrom:
		return time.UnixMilli(n).UTC()
	default:
		return time.Unix(n, 0).UTC()
	}
}

// clockOffset is what to add to the local clock to get the server's, learned
// from the Date header of an answer. It is zero when it cannot be told.
func clockOffset(local time.Time, dateHeader string) time.Duration {
	server, err := time.Parse(time.RFC1123, dateHeader)
	if err != nil {
		return 0
	}
	offset := server.Sub(local)
	if offset.Abs() < offsetTolerance {
		return 0
	}
	return offset.Truncate(time.Second)
}
