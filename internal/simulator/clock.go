package simulator

import (
	"sync"
	"time"
)

// Clock tells the service the time. Everything that expires, waits or is rate
// limited asks it, so that a test decides when an hour has passed.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// After returns a channel that receives the time once d has passed.
	After(d time.Duration) <-chan time.Time
}

// ShiftClock is the machine's clock moved by an offset that only grows. Waits
// take real time; expiry can be brought forward with Advance.
type ShiftClock struct {
	mu     sync.Mutex
	offset time.Duration
}

// NewShiftClock returns a clock that shows the machine's time.
func NewShiftClock() *ShiftClock { return &ShiftClock{} }

// Now returns the machine's time plus everything advanced so far.
func (c *ShiftClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

// After waits in real time: moving the clock does not end a wait early.
func (c *ShiftClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Advance moves the clock forward by d. A negative d does nothing, because
// tokens that come back to life would be a thing no real service does.
func (c *ShiftClock) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// ManualClock stands still until Advance moves it.
type ManualClock struct {
	mu      sync.Mutex
	now     time.Time
	waiters []waiter
}

type waiter struct {
	due time.Time
	ch  chan time.Time
}

// NewManualClock returns a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now returns the time the clock was last moved to.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After returns a channel that receives once Advance has passed d.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan time.Time, 1)
	if d <= 0 {
		ch <- c.now
		return ch
	}
	c.waiters = append(c.waiters, waiter{due: c.now.Add(d), ch: ch})
	return ch
}

// Waiting returns how many waits have not ended yet, so that a test knows when
// the request it started has reached its delay.
func (c *ManualClock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiters)
}

// Advance moves the clock forward by d and ends the waits that are due.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.waiters[:0]
	for _, w := range c.waiters {
		if w.due.After(c.now) {
			kept = append(kept, w)
			continue
		}
		w.ch <- c.now
	}
	c.waiters = kept
}
