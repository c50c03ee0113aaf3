package auth

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const secondSeed = "second-seed-canary-1f0e3dad99908345"

// alias is a second provider block with a refresh token of its own and the same
// client and profile.
func (b *bench) alias() *bench {
	out := *b
	out.cfg.RefreshToken = b.endpoint.seed(secondSeed)
	return &out
}

// expectTaken expects the error that has the ways out, and no secret.
func (b *bench) expectTaken(t *testing.T) {
	t.Helper()
	_, err := b.source(t).Token(t.Context())
	if err == nil {
		t.Fatal("the refresh token replaced a login that works")
	}
	// The ways out are in the register, and name this profile.
	if known, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrProfileTaken) || known.Profile != "default" || known.Attribute != "profile" {
		t.Errorf("error %q is not ErrProfileTaken of the profile default", err)
	}
	b.noSecrets(t, "the error", err.Error())
}

func TestAnotherSeedDoesNotReplaceALoginThatWorks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		between   func(b *bench)
		exchanges int
	}{
		"at once":                          {func(*bench) {}, 1},
		"once the access token has ended":  {func(b *bench) { b.clock.advance(2 * time.Hour) }, 2},
		"in the last minute of the token":  {func(b *bench) { b.clock.advance(time.Hour - 30*time.Second) }, 2},
		"while the endpoint is in trouble": {func(b *bench) { b.clock.advance(2 * time.Hour) }, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := newBench(t)
			second := first.alias()
			first.mustToken(t, first.source(t))
			tt.between(first)
			if strings.Contains(name, "trouble") {
				first.endpoint.refuse(http.StatusBadGateway, "")
				if _, err := second.source(t).Token(t.Context()); !errors.Is(err, ErrOutcomeUnknown) {
					t.Errorf("error = %v, want ErrOutcomeUnknown", err)
				}
				first.endpoint.before = nil
			}
			// However often they take turns, the first login stays.
			for range 3 {
				second.expectTaken(t)
				first.mustToken(t, first.source(t))
			}
			first.expectExchanges(t, tt.exchanges)
			status, err := inspectWith(t.Context(), second.cfg, second.env, false)
			if err != nil || status.Health != HealthProblem || status.Problem == nil {
				t.Errorf("status %+v, error %v", status, err)
			}
		})
	}
}

// Whoever is first in a run has the profile. The other one is told, and spends
// nothing of its own.
func TestTwoSeedsAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		first := newBench(t)
		benches := []*bench{first, first.alias()}
		errs := make([]error, len(benches))
		var wg sync.WaitGroup
		for i, b := range benches {
			s := b.source(t)
			wg.Go(func() { _, errs[i] = s.Token(t.Context()) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("errors %v", errs)
		}
		first.expectExchanges(t, 1)
	}
}

// A refresh token that was rotated by hand takes over from a login that is dead,
// gone, or turns out to be dead.
func TestAnotherSeedReplacesALoginThatIsDead(t *testing.T) {
	t.Parallel()
	revoke := func(b *bench) {
		b.endpoint.mu.Lock()
		defer b.endpoint.mu.Unlock()
		b.endpoint.dead["seed-canary-c20ad4d76fe97759"] = true
	}
	tests := map[string]func(t *testing.T, b *bench){
		"known to be dead": func(t *testing.T, b *bench) {
			t.Helper()
			revoke(b)
			b.clock.advance(2 * time.Hour)
			if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrLoginRequired) {
				t.Errorf("error = %v, want ErrLoginRequired", err)
			}
		},
		"not known to be dead": func(_ *testing.T, b *bench) { revoke(b); b.clock.advance(2 * time.Hour) },
		"logged out": func(t *testing.T, b *bench) {
			t.Helper()
			if _, err := logoutWith(t.Context(), b.cfg, b.env); err != nil {
				t.Errorf("logout: %v", err)
			}
		},
		"lost in a refresh": func(t *testing.T, b *bench) {
			t.Helper()
			b.clock.advance(2 * time.Hour)
			b.endpoint.after = func(w http.ResponseWriter, _ int) bool { return hangUp(w) }
			if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrAnswerLost) {
				t.Errorf("error = %v, want ErrAnswerLost", err)
			}
			b.endpoint.after = nil
		},
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := newBench(t)
			second := first.alias()
			old := first.mustToken(t, first.source(t))
			end(t, first)
			if got := second.mustToken(t, second.source(t)); got == old {
				t.Error("the token is the old one")
			}
			if !strings.Contains(first.journal.text(), "a new refresh token replaces the login") {
				t.Error("nobody is told")
			}
			if _, err := first.source(t).Token(t.Context()); !errors.Is(err, ErrSeedSuperseded) {
				t.Errorf("error of the first = %v, want ErrSeedSuperseded", err)
			}
		})
	}
}
