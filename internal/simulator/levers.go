package simulator

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// The methods here are what a person does in the browser or the web editor, and
// what a test wants to know. They change the service without a request. A state
// file that cannot be written shows at the next request, which answers 500.

// Login makes a new authorization, as if a person had pressed Allow, and returns
// its first refresh token.
func (s *Service) Login() (refreshToken string) {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	return s.newRefreshToken(s.newFamily())
}

// IssueAccessToken returns a valid access token outside any family, for tests
// that do not refresh.
func (s *Service) IssueAccessToken() string {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	token, _ := s.newAccessToken("")
	return token
}

// IssuePlatformKey returns a valid platform key.
func (s *Service) IssuePlatformKey() string {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	key := s.nextSecret("pk")
	s.grants.PlatformKeys[key] = true
	return key
}

// ExpireAccessTokens ends the life of every access token issued so far.
func (s *Service) ExpireAccessTokens() {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	now := s.clock.Now()
	for _, token := range s.grants.Access {
		if token.ExpiresAt.After(now) {
			token.ExpiresAt = now
		}
	}
	s.dirty = true
}

// SetLag replaces the lag of connects that are made from now on. None ends that of
// all others, too.
func (s *Service) SetLag(lag Lag) {
	s.lock()
	defer s.mu.Unlock()
	s.cfg.Lag = lag
	if lag == (Lag{}) {
		clear(s.newborns)
	}
}

// SetPageDelay replaces what is added to every page of a listing.
func (s *Service) SetPageDelay(d time.Duration) {
	s.lock()
	defer s.mu.Unlock()
	s.cfg.PageDelay = d
}

func (s *Service) pageDelay() time.Duration {
	s.lock()
	defer s.mu.Unlock()
	return s.cfg.PageDelay
}

// TokenStats counts what happened to tokens.
type TokenStats struct {
	Families        int `json:"families"`         // authorizations
	Refreshes       int `json:"refreshes"`        // refresh tokens spent
	Reuses          int `json:"reuses"`           // spent refresh tokens that came again
	RevokedFamilies int `json:"revoked_families"` // authorizations lost
}

// TokenStats returns the counts since the service or its state file began.
func (s *Service) TokenStats() TokenStats {
	s.lock()
	defer s.mu.Unlock()
	stats := TokenStats{Families: len(s.grants.Families), Refreshes: s.grants.Refreshes, Reuses: s.grants.Reuses}
	for _, line := range s.grants.Families {
		if line.Revoked {
			stats.RevokedFamilies++
		}
	}
	return stats
}

// IssuedSecrets returns every credential there is or was: tokens, codes, keys,
// links. A test that finds one where it does not belong has found a leak.
func (s *Service) IssuedSecrets() []string {
	s.lock()
	defer s.mu.Unlock()
	all := []string{s.ClientSecret(), s.TokenKey(), s.SecretKey()}
	all = appendKeys(all, s.grants.Refresh)
	all = appendKeys(all, s.grants.Access)
	all = appendKeys(all, s.grants.Codes)
	all = appendKeys(all, s.grants.PlatformKeys)
	all = appendKeys(all, s.grants.Tickets)
	all = appendKeys(all, s.grants.Callbacks)
	slices.Sort(all)
	return all
}

func appendKeys[V any](all []string, from map[string]V) []string {
	for key := range from {
		all = append(all, key)
	}
	return all
}

// Connects returns copies of all connects, oldest first, secrets in the clear.
func (s *Service) Connects() []Connect {
	s.lock()
	held := s.world.connects
	s.mu.Unlock()
	out := make([]Connect, 0, len(held))
	for _, c := range held {
		out = append(out, *c.clone())
	}
	return out
}

// Connect returns a copy of one connect.
func (s *Service) Connect(id string) (Connect, bool) {
	s.lock()
	defer s.mu.Unlock()
	held, err := s.connect(s.world, id)
	if err != nil {
		return Connect{}, false
	}
	return *held.clone(), true
}

// Edit changes a connect as a person in the web editor would, without the rules
// of the API. The id, the order and the times stay the service's own. The error
// says that there is no such connect.
func (s *Service) Edit(id string, change func(*Connect)) error {
	s.lock()
	defer s.mu.Unlock()
	before := s.world
	held, err := s.connect(before, id)
	if err != nil {
		return fmt.Errorf("edit in the web editor: %w", err)
	}
	changed := held.clone()
	change(changed)
	changed.ID, changed.Seq, changed.CreatedAt = held.ID, held.Seq, held.CreatedAt
	changed.Tested = held.Tested && reflect.DeepEqual(changed.steps(), held.steps())
	var history []*HistoryEntry
	if changed.Status != held.Status {
		message := "Turned on"
		if changed.Status == StatusOff {
			message = "Turned off"
		}
		history = append(history, s.historyEntry(id, resultSuccess, message, s.now(), 0))
	}
	s.replaceConnect(changed, history...)
	s.record(before, byHand)
	return s.save()
}

// CreateConnect makes a connect from a popular match as a person in the web
// editor would. An unknown match makes nothing and returns the zero Connect.
func (s *Service) CreateConnect(matchID, name string) Connect {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	defer s.record(s.world, byHand)
	match, ok := s.cat.Match(matchID)
	if !ok {
		return Connect{}
	}
	return *s.insertConnect(match, name).clone()
}

// DeleteConnect removes a connect, ON or not; one that is not there stays away.
func (s *Service) DeleteConnect(id string) {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	defer s.record(s.world, byHand)
	s.removeConnect(id)
}

// TestConnect tests a connect as a person in the web editor would. The error says
// what keeps the connect from being tested; a test that fails is none.
func (s *Service) TestConnect(id string) error {
	s.lock()
	defer s.mu.Unlock()
	before := s.world
	held, err := s.connect(before, id)
	if err != nil {
		return err
	}
	if fields := s.missing(held); len(fields) > 0 {
		return notAsItIs("the connect cannot be tested", fields)
	}
	s.tryConnect(held.clone(), Fault{}, s.now())
	s.record(before, byHand)
	return s.save()
}

// RunConnect lets a connect do its work once, as if its trigger had fired. The
// error says why it does not run.
func (s *Service) RunConnect(id string) error {
	s.lock()
	defer s.mu.Unlock()
	before := s.world
	held, err := s.connect(before, id)
	if err != nil {
		return err
	}
	if held.Status != StatusOn {
		return notAsItIs("the connect does not run", map[string][]string{"status": {"is off: turn the connect on"}})
	}
	status, message, tasks := resultSuccess, runMessage+"succeeded", len(held.Actions)
	if _, failure, done := s.trySteps(held, Fault{}); failure != "" {
		status, message, tasks = resultFailed, runMessage+"failed: "+failure, done
	}
	next := s.world
	next.history = append(slices.Clip(s.world.history), s.historyEntry(id, status, message, s.now(), tasks))
	s.commit(next)
	s.record(before, byHand)
	return s.save()
}

// Accounts returns copies of all connected accounts.
func (s *Service) Accounts() []Account {
	s.lock()
	defer s.mu.Unlock()
	out := make([]Account, 0, len(s.world.accounts))
	for _, a := range s.world.accounts {
		out = append(out, *a)
	}
	return out
}

// SetAccountStatus makes an account AccountActive or AccountExpired. It reports
// whether there is such an account.
func (s *Service) SetAccountStatus(id, status string) bool {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	now := s.now()
	return s.changeAccount(id, func(a Account) *Account {
		a.Status, a.UpdatedAt = status, now
		return &a
	})
}

// RemoveAccount disconnects an account. Steps that use it keep its id, as the
// service has no better answer either. It reports whether there was one.
func (s *Service) RemoveAccount(id string) bool {
	s.lock()
	defer s.mu.Unlock()
	defer s.saveLater()
	return s.changeAccount(id, func(Account) *Account { return nil })
}

// saveLater saves what a lever changed. On failure the change stays marked as
// unsaved, so that the next request tries again and answers with the error.
func (s *Service) saveLater() { _ = s.save() }
