package auth

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newLoginBench is a bench without a seed.
func newLoginBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.cfg.RefreshToken = ""
	return b
}

func (b *bench) logIn(t *testing.T, storeSecret bool) Status {
	t.Helper()
	grant := Grant{Code: b.endpoint.seed("code-canary-" + t.Name()), RedirectURI: "http://127.0.0.1:1/callback", CodeVerifier: "verifier", StoreClientSecret: storeSecret}
	status, err := loginWith(t.Context(), b.cfg, grant, b.env)
	if err != nil {
		t.Fatalf("login: %v", err)
	}
	return status
}

// profileOnly is a configuration that names nothing but a profile.
func (b *bench) profileOnly() *bench {
	out := *b
	out.cfg.ClientID, out.cfg.ClientSecret, out.cfg.TokenURL = "", "", ""
	return &out
}

func TestLoginRequest(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]ClientAuth{"body": ClientAuthBody, "header": ClientAuthHeader} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newLoginBench(t)
			b.cfg.ClientAuth = where
			status := b.logIn(t, false)
			if status.Health != HealthOK || status.Origin != "login" || status.Generation != 1 {
				t.Errorf("status %+v", status)
			}
			sent := b.endpoint.requests[0]
			if sent["grant_type"] != "authorization_code" || sent["code_verifier"] != "verifier" || sent["redirect_uri"] == "" {
				t.Errorf("request %v", sent)
			}
			if inBody := sent["client_secret"] != ""; inBody != (where == ClientAuthBody) || (len(b.endpoint.basic) == 1) == inBody {
				t.Errorf("credentials in the body: %v, in the header: %v", inBody, b.endpoint.basic)
			}
		})
	}
}

func TestLoginThenProfileOnly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		storeSecret bool
		want        error
	}{
		"with the client secret":    {storeSecret: true},
		"without the client secret": {want: errAny},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newLoginBench(t)
			b.logIn(t, tt.storeSecret)
			assertSecretStored(t, b, tt.storeSecret)
			p := b.profileOnly()
			p.mustToken(t, p.source(t))
			b.expectExchanges(t, 1)
			b.clock.advance(2 * time.Hour)
			_, err := p.source(t).Token(t.Context())
			var config *ConfigError
			if tt.want == nil && err != nil || tt.want != nil && (!errors.As(err, &config) || config.Attribute != "client_secret") {
				t.Errorf("error = %v", err)
			}
			// With the credentials in the configuration it always works.
			b.cfg.TokenURL = ""
			b.mustToken(t, b.source(t))
			b.expectExchanges(t, 2)
		})
	}
}

var errAny = errors.New("any")

func assertSecretStored(t *testing.T, b *bench, want bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(b.cfg.Store.Path, "*"))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found = found || strings.Contains(string(data), testClientSecret)
	}
	if found != want {
		t.Errorf("client secret stored: %v, want %v", found, want)
	}
}

func TestNoLogin(t *testing.T) {
	t.Parallel()
	b := newLoginBench(t)
	for name, bb := range map[string]*bench{"client credentials": b, "profile only": b.profileOnly()} {
		bb.cfg.Profile = "work"
		_, err := bb.source(t).Token(t.Context())
		if !errors.Is(err, ErrLoginRequired) || errors.Is(err, ErrRefreshRefused) || !strings.Contains(err.Error(), `profile "work"`) {
			t.Errorf("%s: error = %v, want ErrLoginRequired", name, err)
		}
		if status, err := inspectWith(t.Context(), bb.cfg, bb.env, false); err != nil || status.Health != HealthLoginRequired {
			t.Errorf("%s: status %+v, error %v", name, status, err)
		}
	}
	if _, err := os.Stat(b.cfg.Store.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking for a login made the directory")
	}
}

func TestLoginFailures(t *testing.T) {
	t.Parallel()
	b := newLoginBench(t)
	grant := Grant{Code: "unknown-code-canary", RedirectURI: "http://127.0.0.1:1/"}
	_, err := loginWith(t.Context(), b.cfg, grant, b.env)
	if !errors.Is(err, ErrLoginRequired) || strings.Contains(err.Error(), "canary") {
		t.Errorf("unknown code: error = %v", err)
	}
	cfg := b.cfg
	cfg.ClientSecret = "wrong"
	if _, err := loginWith(t.Context(), cfg, grant, b.env); !errors.Is(err, ErrClientRejected) {
		t.Errorf("wrong secret: error = %v", err)
	}
	var config *ConfigError
	cfg.ClientSecret = ""
	if _, err := loginWith(t.Context(), cfg, grant, b.env); !errors.As(err, &config) || config.Attribute != "client_secret" {
		t.Errorf("no secret: error = %v", err)
	}
	b.endpoint.before = func(w http.ResponseWriter, _ int) bool { return hangUp(w) }
	if _, err := loginWith(t.Context(), b.cfg, grant, b.env); !errors.Is(err, ErrEndpoint) {
		t.Errorf("no answer: error = %v", err)
	}
}

// TestSeedPrecedence is the table of who wins: the configured seed or the store.
func TestSeedPrecedence(t *testing.T) {
	t.Parallel()
	const first, second = "seed-canary-c20ad4d76fe97759", "second-seed-canary-1"
	tests := map[string]struct {
		history   func(*testing.T, *bench)
		want      error
		exchanges int
	}{
		"a spent seed uses the store": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
		}, nil, 1},
		"an unknown seed after a logout starts a lineage": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
			if existed, err := logoutWith(t.Context(), b.cfg, b.env); !existed || err != nil {
				t.Errorf("logout: %v, %v", existed, err)
			}
			b.cfg.RefreshToken = b.endpoint.seed(second)
		}, nil, 2},
		"an earlier seed after another one is refused": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
			if existed, err := logoutWith(t.Context(), b.cfg, b.env); !existed || err != nil {
				t.Errorf("logout: %v, %v", existed, err)
			}
			b.cfg.RefreshToken = b.endpoint.seed(second)
			b.mustToken(t, b.source(t))
			b.cfg.RefreshToken = first
		}, ErrSeedSuperseded, 2},
		"an earlier seed after a login uses the login": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
			b.logIn(t, false)
		}, nil, 2},
		"an earlier seed after a logout needs a login": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
			if existed, err := logoutWith(t.Context(), b.cfg, b.env); !existed || err != nil {
				t.Errorf("logout: %v, %v", existed, err)
			}
		}, ErrLoginRequired, 1},
		"another profile has its own lineage": {func(t *testing.T, b *bench) {
			t.Helper()
			b.mustToken(t, b.source(t))
			b.cfg.Profile, b.cfg.RefreshToken = "other", b.endpoint.seed(second)
		}, nil, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tt.history(t, b)
			_, err := b.source(t).Token(t.Context())
			if !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			b.expectExchanges(t, tt.exchanges)
			replaced := strings.Contains(name, "unknown seed") || errors.Is(tt.want, ErrSeedSuperseded)
			if warned := strings.Contains(b.journal.text(), "replaces the login"); warned != replaced {
				t.Errorf("warned of a replaced login: %v, want %v", warned, replaced)
			}
		})
	}
}

func TestLogoutLeavesNoSecret(t *testing.T) {
	t.Parallel()
	b := newLoginBench(t)
	b.logIn(t, true)
	if existed, err := logoutWith(t.Context(), b.cfg, b.env); !existed || err != nil {
		t.Fatalf("logout: %v, %v", existed, err)
	}
	files, err := filepath.Glob(filepath.Join(b.cfg.Store.Path, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.noSecrets(t, file, string(data))
	}
	if existed, err := logoutWith(t.Context(), b.cfg, b.env); existed || err != nil {
		t.Errorf("second logout: %v, %v", existed, err)
	}
	p := b.profileOnly()
	if existed, err := logoutWith(t.Context(), p.cfg, p.env); existed || err != nil {
		t.Errorf("logout of nothing: %v, %v", existed, err)
	}
}

func TestInspectSpendsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	states := []Health{HealthSeed}
	see := func() Health {
		status, err := inspectWith(t.Context(), b.cfg, b.env, false)
		if err != nil {
			t.Fatal(err)
		}
		return status.Health
	}
	got := []Health{see()}
	b.mustToken(t, b.source(t))
	states, got = append(states, HealthOK), append(got, see())
	b.clock.advance(2 * time.Hour)
	states, got = append(states, HealthRefreshDue), append(got, see())
	b.endpoint.before = func(w http.ResponseWriter, _ int) bool { return hangUp(w) }
	if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrOutcomeUnknown) {
		t.Errorf("error = %v", err)
	}
	states, got = append(states, HealthOutcomeUnknown), append(got, see())
	for i := range states {
		if got[i] != states[i] {
			t.Errorf("state %d: %q, want %q", i, got[i], states[i])
		}
	}
	b.expectExchanges(t, 1)
}
