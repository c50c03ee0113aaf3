package tfkit

import "sync"

// Switches remembers of which connects a resource has managed the switch in this
// run. An activation that is destroyed after another resource took over, as with
// create_before_destroy, must not turn the connect off again. The zero value is
// ready for use.
type Switches struct {
	mu   sync.Mutex
	held map[string]bool
}

// Hold remembers that a resource manages the switch of a connect.
func (s *Switches) Hold(connectID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string]bool{}
	}
	s.held[connectID] = true
}

// Held reports whether a resource has managed the switch in this run.
func (s *Switches) Held(connectID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[connectID]
}
