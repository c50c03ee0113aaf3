package simulator

import (
	"slices"
	"time"
)

// lateCall is a request that was refused and is carried out all the same, later.
type lateCall struct {
	due  time.Time
	call *call
}

// postpone keeps a request for later. The caller holds the lock.
func (s *Service) postpone(c *call, by time.Duration) {
	s.late = append(s.late, lateCall{due: s.clock.Now().Add(by), call: c})
}

// lock takes the lock and first carries out what is due. Nothing can look into
// the service without the lock, so nobody sees the difference to a service that
// does it by itself.
func (s *Service) lock() {
	s.mu.Lock()
	now := s.clock.Now()
	due := keep(s.late, func(one lateCall) bool { return !now.Before(one.due) })
	s.late = slices.DeleteFunc(s.late, func(one lateCall) bool { return !now.Before(one.due) })
	slices.SortStableFunc(due, func(a, b lateCall) int { return a.due.Compare(b.due) })
	for _, one := range due {
		before := s.world
		one.call.world = before
		// Nobody waits for the answer, and a refusal changes nothing.
		_, _ = one.call.route.handle(s, one.call)
		s.record(before, clientOf(one.call.req))
	}
}
