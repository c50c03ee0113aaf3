package auth

import (
	"context"
	"errors"
	"time"
)

// Health says in a word whether a login works.
type Health string

// States of a login.
const (
	// HealthOK means that a valid access token is at hand.
	HealthOK Health = "ok"
	// HealthRefreshDue means that the next use refreshes.
	HealthRefreshDue Health = "refresh due"
	// HealthSeed means that a configured refresh token was not used yet.
	HealthSeed Health = "not used yet"
	// HealthUnknown means that only a use can tell.
	HealthUnknown Health = "unknown"
	// HealthOutcomeUnknown means that a refresh was cut off; the next use settles it.
	HealthOutcomeUnknown Health = "outcome unknown"
	// HealthExpired means that a token that cannot be refreshed has ended.
	HealthExpired Health = "expired"
	// HealthLoginRequired means that only a new login helps.
	HealthLoginRequired Health = "login required"
	// HealthProblem means that the store or the configuration has a problem.
	HealthProblem Health = "problem"
)

// Status is what can be told about a source without using it and without
// revealing a secret.
type Status struct {
	Source Description
	Health Health
	// Problem explains every state but HealthOK, HealthRefreshDue, HealthSeed
	// and HealthUnknown.
	Problem error
	// ExpiresAt is the end of the access token by the server's clock; zero means
	// unknown.
	ExpiresAt time.Time

	// ClientID, ClientAuth and TokenURL say whose login it is and how it is
	// renewed; empty without a login.
	ClientID   string
	ClientAuth ClientAuth
	TokenURL   string

	// RefreshEndsAt is when the refresh token ends, as far as it says: some are
	// signed tokens (JWT) with an end of their own. Zero means unknown.
	RefreshEndsAt time.Time

	// The rest describes a stored lineage and is zero without one.

	// Origin is "seed" or "login".
	Origin string
	// StartedAt is when the lineage began, LastRefresh when its tokens were
	// obtained, both by the local clock.
	StartedAt   time.Time
	LastRefresh time.Time
	// Age is the time since LastRefresh.
	Age time.Duration
	// Generation counts the exchanges of the lineage.
	Generation int64
	// ClockOffset is what to add to the local clock to get the server's.
	ClockOffset time.Duration
	// Encrypted is set when the stored document is encrypted.
	Encrypted bool
	// ClientSecretKnown is set when a refresh has the client secret it needs,
	// from the configuration or from the login.
	ClientSecretKnown bool
}

// Inspect reads the state of a source. It takes no lock, runs no command and
// never reaches the network, so that what a command store holds stays unknown.
// An error means that the configuration cannot work; problems of the store are
// part of the status.
func Inspect(ctx context.Context, cfg Config) (Status, error) {
	return inspectWith(ctx, cfg, osEnvironment(), false)
}

// InspectStore is Inspect that asks the get_command of a command store.
func InspectStore(ctx context.Context, cfg Config) (Status, error) {
	return inspectWith(ctx, cfg, osEnvironment(), true)
}

func inspectWith(ctx context.Context, cfg Config, env environment, commands bool) (Status, error) {
	source, err := newSource(cfg, env)
	if err != nil {
		return Status{}, err
	}
	out := Status{Source: source.Describe(), Health: HealthUnknown}
	switch s := source.(type) {
	case *staticSource:
		out.ExpiresAt = s.token.ExpiresAt
		if _, err := s.Token(ctx); err != nil {
			out.Health, out.Problem = HealthExpired, err
		}
	case *refreshSource:
		s.inspect(ctx, &out, commands)
	}
	return out, nil
}

func (s *refreshSource) inspect(ctx context.Context, out *Status, commands bool) {
	l, err := s.resolve()
	if err != nil {
		out.fail(err)
		return
	}
	out.ClientID, out.ClientAuth, out.TokenURL = l.cfg.ClientID, l.cfg.ClientAuth, l.cfg.TokenURL
	out.ClientSecretKnown = l.cfg.ClientSecret != ""
	out.Source.Store = l.store.location()
	if s.cfg.Store.Type == StoreCommand && !commands {
		return
	}
	stored, err := l.store.load(ctx)
	if err != nil {
		out.fail(err)
		return
	}
	if stored != nil {
		out.describe(stored, s.cfg.Clock.Now())
	}
	base, err := l.choose(stored)
	if err != nil {
		out.fail(err)
		return
	}
	out.RefreshEndsAt = refreshEnd(base.RefreshToken)
	refreshErr := l.canRefresh(base)
	switch {
	case l.rival(base) && s.usable(base):
		out.fail(l.taken())
	case l.rival(base):
		// Only a use shows whether it still works.
	case s.usable(base):
		out.Health = HealthOK
	case refreshErr != nil:
		out.fail(refreshErr)
	case base.Intent != nil:
		out.Health = HealthOutcomeUnknown
		out.Problem = newError(ErrOutcomeUnknown, "a refresh was begun and its outcome is not stored", nil)
	case base.Generation == 0:
		out.Health = HealthSeed
	default:
		out.Health = HealthRefreshDue
	}
}

func (s *Status) describe(rec *record, now time.Time) {
	offset := time.Duration(rec.ClockOffsetSeconds) * time.Second
	s.Origin, s.StartedAt, s.Generation, s.ExpiresAt = rec.Origin, rec.StartedAt, rec.Generation, rec.ExpiresAt
	s.Encrypted, s.ClockOffset = rec.encrypted, offset
	if !rec.ObtainedAt.IsZero() {
		s.LastRefresh = rec.ObtainedAt.Add(-offset)
		s.Age = max(0, now.Sub(s.LastRefresh))
	}
}

func (s *Status) fail(err error) {
	s.Problem, s.Health = err, HealthProblem
	if errors.Is(err, ErrLoginRequired) {
		s.Health = HealthLoginRequired
	}
}
