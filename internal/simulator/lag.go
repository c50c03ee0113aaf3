package simulator

import "time"

// Lag is how long a service takes to know everywhere of a connect that it made.
// The zero value knows at once.
type Lag struct {
	// Requests is how many requests that name a new connect are answered 404.
	Requests int
	// Listings is how many listings do not show a new connect. A listing begins
	// with its first page.
	Listings int
	// Time is for how long no listing shows a new connect.
	Time time.Duration
}

// newborn is a connect that not all of the service knows of yet.
type newborn struct {
	requests int
	listings int  // that will begin without it
	hidden   bool // from the listing that began last
	until    time.Time
}

// deliver begins the lag of a connect that was just made.
func (s *Service) deliver(id string) {
	lag := s.cfg.Lag
	if lag == (Lag{}) {
		return
	}
	s.newborns[id] = &newborn{
		requests: lag.Requests, listings: lag.Listings, hidden: lag.Listings > 0, until: s.clock.Now().Add(lag.Time),
	}
}

// unknownYet reports whether a request that names a connect comes too early. It
// counts the request.
func (s *Service) unknownYet(c *call) bool {
	young := s.newborns[c.params["connectId"]]
	if young == nil || young.requests == 0 {
		return false
	}
	young.requests--
	return true
}

// visible returns the connects that a listing shows by now.
func (s *Service) visible(c *call) []*Connect {
	if len(s.newborns) == 0 {
		return c.world.connects
	}
	if c.beginsListing() {
		for _, young := range s.newborns {
			young.hidden = young.listings > 0
			young.listings = max(0, young.listings-1)
		}
	}
	now := s.clock.Now()
	return keep(c.world.connects, func(held *Connect) bool {
		young := s.newborns[held.ID]
		return young == nil || !young.hidden && !now.Before(young.until)
	})
}
