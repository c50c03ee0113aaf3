package auth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// failureMemory is how long a failure is repeated to other callers of the same
// process without another attempt, so that a thousand resources do not each
// wait for a dead endpoint.
const failureMemory = 5 * time.Second

// refreshSource hands out the access tokens of a lineage that a store keeps.
type refreshSource struct {
	cfg    Config
	env    environment
	flight wire.Flight[Token]

	mu       sync.Mutex
	login    *login
	current  issued
	rejected map[string]bool
	failed   error
	failedAt time.Time
}

// issued is a token in memory and when it counts as used up, by the local clock.
type issued struct {
	token Token
	until time.Time
}

func newRefreshSource(cfg Config, env environment) *refreshSource {
	return &refreshSource{cfg: cfg, env: env, rejected: map[string]bool{}}
}

func (s *refreshSource) Describe() Description {
	kind := KindLoginStore
	if s.cfg.RefreshToken != "" {
		kind = KindRefreshToken
	}
	out := Description{Kind: kind, Profile: s.cfg.Profile, Store: "command"}
	if s.cfg.Store.Type != StoreCommand {
		dir, err := storeDir(s.cfg.Store, s.env)
		if err != nil {
			dir = "no directory"
		}
		out.Store = dir
	}
	return out
}

// Token hands out the token in memory while it lasts. Otherwise one caller
// looks further and the others share what it finds.
func (s *refreshSource) Token(ctx context.Context) (Token, error) {
	for range 3 {
		if err := ctx.Err(); err != nil {
			return Token{}, err
		}
		if token, ok := s.cached(); ok {
			return token, nil
		}
		if err := s.recentFailure(); err != nil {
			return Token{}, err
		}
		token, err := s.flight.Do(ctx, s.lead)
		if err != nil {
			return Token{}, err
		}
		// A shared result may have been on its way before it was rejected.
		if !s.isRejected(token.AccessToken) {
			return token, nil
		}
	}
	return Token{}, rejectedError(s.cfg.Profile)
}

func (s *refreshSource) Reject(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected[fingerprint(accessToken)] = true
}

func (s *refreshSource) isRejected(accessToken string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rejected[fingerprint(accessToken)]
}

func (s *refreshSource) cached() (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.current.token
	if token.AccessToken == "" || s.rejected[fingerprint(token.AccessToken)] {
		return Token{}, false
	}
	if !s.current.until.IsZero() && !s.cfg.Clock.Now().Before(s.current.until) {
		return Token{}, false
	}
	return token, true
}

func (s *refreshSource) recentFailure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil || s.cfg.Clock.Now().Sub(s.failedAt) >= failureMemory {
		return nil
	}
	return s.failed
}

// lead is the one attempt that concurrent callers share.
func (s *refreshSource) lead(ctx context.Context) (Token, error) {
	// Another attempt may have ended between the look and the start of this one.
	if token, ok := s.cached(); ok {
		return token, nil
	}
	found, err := s.obtain(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = nil
	if err != nil {
		if !wire.Interrupted(err) {
			s.failed, s.failedAt = err, s.cfg.Clock.Now()
		}
		return Token{}, err
	}
	s.current = found
	return found.token, nil
}

// obtain looks in the store without a lock, so that readers never wait, and
// refreshes under the lock only when nothing usable is there.
func (s *refreshSource) obtain(ctx context.Context) (issued, error) {
	l, err := s.resolve()
	if err != nil {
		return issued{}, err
	}
	stored, err := l.store.load(ctx)
	if err != nil {
		return issued{}, err
	}
	base, err := l.choose(stored)
	if err != nil {
		return issued{}, err
	}
	if ready, err := s.ready(l, base); ready || err != nil {
		return s.issue(base), err
	}
	fresh, err := s.refresh(ctx, l, base)
	switch {
	case err == nil:
		return s.issue(fresh), nil
	case l.rival(base):
		return issued{}, err
	default:
		return s.lastResort(ctx, base, err)
	}
}

// ready reports whether the record's token can be handed out as it is. That of
// another login is an error.
func (s *refreshSource) ready(l *login, base *record) (bool, error) {
	if !s.usable(base) {
		return false, nil
	}
	if l.rival(base) {
		return false, l.taken()
	}
	return true, nil
}

func (s *refreshSource) refresh(ctx context.Context, l *login, base *record) (*record, error) {
	if err := l.canRefresh(base); err != nil {
		return nil, err
	}
	release, err := l.store.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return s.refreshLocked(ctx, l)
}

// resolve finds out whose login this is, once.
func (s *refreshSource) resolve() (*login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.login != nil {
		return s.login, nil
	}
	l, err := resolveLogin(s.cfg, s.env)
	if err != nil {
		return nil, err
	}
	s.login = l
	return l, nil
}

// serverNow is the time by the server's clock, as far as the record knows it.
func (s *refreshSource) serverNow(rec *record) time.Time {
	return s.cfg.Clock.Now().Add(time.Duration(rec.ClockOffsetSeconds) * time.Second)
}

// usable reports whether the stored access token can be handed out as it is.
func (s *refreshSource) usable(rec *record) bool {
	if rec.AccessToken == "" || s.isRejected(rec.AccessToken) {
		return false
	}
	return rec.ExpiresAt.IsZero() || s.serverNow(rec).Before(rec.ExpiresAt.Add(-earlyRefresh(rec.ObtainedAt, rec.ExpiresAt)))
}

func (s *refreshSource) issue(rec *record) issued {
	out := issued{token: rec.token()}
	if !rec.ExpiresAt.IsZero() {
		usedUp := rec.ExpiresAt.Add(-earlyRefresh(rec.ObtainedAt, rec.ExpiresAt))
		out.until = usedUp.Add(-time.Duration(rec.ClockOffsetSeconds) * time.Second)
	}
	return out
}

// lastResort hands out a token in its last minute when it could not be replaced:
// a run should not fail for a refresh that it might not even need.
func (s *refreshSource) lastResort(ctx context.Context, rec *record, cause error) (issued, error) {
	if wire.Interrupted(cause) || rec.AccessToken == "" || s.isRejected(rec.AccessToken) ||
		rec.ExpiresAt.IsZero() || !s.serverNow(rec).Before(rec.ExpiresAt) {
		return issued{}, cause
	}
	s.cfg.Logger(ctx, slog.LevelWarn, "the access token could not be refreshed early and is used until it ends",
		map[string]any{"profile": s.cfg.Profile, "expires_at": rec.ExpiresAt.Format(time.RFC3339), "error": cause.Error()})
	return issued{
		token: rec.token(),
		until: rec.ExpiresAt.Add(-time.Duration(rec.ClockOffsetSeconds) * time.Second),
	}, nil
}

// refreshLocked decides under the lock, on what the store holds now.
func (s *refreshSource) refreshLocked(ctx context.Context, l *login) (*record, error) {
	for asked := false; ; {
		base, due, err := s.reread(ctx, l)
		if err != nil || !due {
			return base, err
		}
		rival := l.rival(base)
		fresh, err := l.exchange(ctx, base, s.isRejected(base.AccessToken))
		switch {
		case rival && err == nil:
			return nil, l.taken()
		case rival && errors.Is(err, ErrLoginRequired) && !asked:
			// The other login is dead, and that is noted: the seed takes over.
			asked = true
		case errors.Is(err, ErrStoreConflict):
			// Another machine claimed the refresh first; look at what it does.
			if err := wire.Sleep(ctx, s.cfg.Clock, claimPoll); err != nil {
				return nil, err
			}
		default:
			return fresh, err
		}
	}
}

// reread loads the store under the lock, completes what another run began, and
// waits for a refresh that another machine is busy with. It reports whether a
// refresh is due after that.
func (s *refreshSource) reread(ctx context.Context, l *login) (base *record, due bool, err error) {
	stored, err := l.store.load(ctx)
	if err != nil {
		return nil, false, err
	}
	if stored, err = l.store.rescue(ctx, stored); err != nil {
		return nil, false, err
	}
	if stored, err = l.awaitClaim(ctx, stored); err != nil {
		return nil, false, err
	}
	if base, err = l.choose(stored); err != nil {
		return nil, false, err
	}
	if ready, err := s.ready(l, base); ready || err != nil {
		return base, false, err
	}
	if base.Forced && s.isRejected(base.AccessToken) && s.serverNow(base).Sub(base.ObtainedAt) < forcedPause {
		return nil, false, rejectedError(l.cfg.Profile)
	}
	return base, true, l.canRefresh(base)
}

func rejectedError(profile string) error {
	out := newError(ErrTokenRejected, "the API answered 401 to an access token that was just issued", nil)
	out.Profile = profile
	return out
}
