package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestConfigErrorsNameTheAttribute(t *testing.T) {
	t.Parallel()
	seed := Config{ClientID: "c", ClientSecret: "s", RefreshToken: "r"}
	with := func(change func(*Config)) Config {
		cfg := seed
		change(&cfg)
		return cfg
	}
	tests := map[string]struct {
		cfg  Config
		want string
	}{
		"seed":                           {seed, ""},
		"nothing":                        {Config{}, ""},
		"profile only":                   {Config{Profile: "work-1.a_b"}, ""},
		"token and seed with no store":   {with(func(c *Config) { c.AccessToken, c.Store.Type = "a", StoreNone }), ""},
		"command with no store":          {Config{TokenCommand: []string{"x"}, Store: StoreConfig{Type: StoreNone}}, ""},
		"loopback by http":               {with(func(c *Config) { c.TokenURL = "http://127.0.0.1:80/t" }), ""},
		"loopback by IPv6":               {with(func(c *Config) { c.TokenURL = "http://[::1]:80/t" }), ""},
		"no client id":                   {with(func(c *Config) { c.ClientID = "" }), "client_id"},
		"no client secret":               {with(func(c *Config) { c.ClientSecret = "" }), "client_secret"},
		"secret alone":                   {Config{ClientSecret: "s"}, "client_id"},
		"seed that would be lost":        {with(func(c *Config) { c.Store.Type = StoreNone }), "token_store"},
		"nothing and no store":           {Config{Store: StoreConfig{Type: StoreNone}}, "token_store"},
		"expiry without a token":         {Config{AccessTokenExpiresAt: time.Unix(1, 0)}, "access_token_expires_at"},
		"empty program":                  {Config{TokenCommand: []string{""}}, "token_command"},
		"plain http":                     {with(func(c *Config) { c.TokenURL = "http://example.com/t" }), "token_url"},
		"not a URL":                      {with(func(c *Config) { c.TokenURL = "example.com" }), "token_url"},
		"password in the URL":            {with(func(c *Config) { c.TokenURL = "https://u:canary@example.com/" }), "token_url"},
		"query in the URL":               {with(func(c *Config) { c.TokenURL = "https://example.com/?k=canary" }), "token_url"},
		"odd client auth":                {with(func(c *Config) { c.ClientAuth = "post" }), "client_auth"},
		"profile with a slash":           {with(func(c *Config) { c.Profile = "../x" }), "profile"},
		"odd store":                      {with(func(c *Config) { c.Store.Type = "s3" }), "token_store.type"},
		"short key":                      {with(func(c *Config) { c.Store.EncryptionKey = "canary" }), "token_store.encryption_key"},
		"command store without commands": {with(func(c *Config) { c.Store.Type = StoreCommand }), "token_store.get_command"},
		"command store without put": {
			with(func(c *Config) { c.Store = StoreConfig{Type: StoreCommand, GetCommand: []string{"g"}} }), "token_store.put_command",
		},
		"file store with a command": {with(func(c *Config) { c.Store.GetCommand = []string{"g"} }), "token_store.get_command"},
		"command store without a client": {
			Config{Store: StoreConfig{Type: StoreCommand, GetCommand: []string{"g"}, PutCommand: []string{"p"}}}, "client_id",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(tt.cfg)
			if tt.want == "" {
				if err != nil {
					t.Fatalf("error = %v", err)
				}
				return
			}
			var config *ConfigError
			if !errors.As(err, &config) || config.Attribute != tt.want {
				t.Fatalf("error = %v, want one about %s", err, tt.want)
			}
			if config.Summary == "" || config.Detail == "" || strings.Contains(err.Error(), "canary") {
				t.Errorf("error %q is empty or shows a secret", err)
			}
		})
	}
}

func TestSourcePrecedence(t *testing.T) {
	t.Parallel()
	cfg := Config{AccessToken: "a", TokenCommand: []string{"x"}, ClientID: "c", ClientSecret: "s", RefreshToken: "r", Store: StoreConfig{Path: "dir"}}
	want := []string{KindAccessToken, KindTokenCommand, KindRefreshToken, KindLoginStore}
	for i, remove := range []func(){func() {}, func() { cfg.AccessToken = "" }, func() { cfg.TokenCommand = nil }, func() { cfg.RefreshToken = "" }} {
		remove()
		s, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Describe(); got.Kind != want[i] || (got.Profile == "default") != (i > 1) || got.String() == "" {
			t.Errorf("source %d is %+v, want %s", i, got, want[i])
		}
	}
}

func TestStaticToken(t *testing.T) {
	t.Parallel()
	clock := newFakeClock()
	s, err := New(Config{AccessToken: "abc", AccessTokenExpiresAt: clock.Now().Add(time.Minute), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	if token, err := s.Token(t.Context()); err != nil || token.AccessToken != "abc" {
		t.Errorf("token: %v", err)
	}
	s.Reject("another")
	if _, err := s.Token(t.Context()); err != nil {
		t.Errorf("another token's rejection counted: %v", err)
	}
	s.Reject("abc")
	if _, err := s.Token(t.Context()); !errors.Is(err, ErrTokenRejected) {
		t.Errorf("error = %v, want ErrTokenRejected", err)
	}
	clock.advance(time.Minute)
	_, err = s.Token(t.Context())
	var failed *Error
	if !errors.Is(err, ErrTokenExpired) || !errors.As(err, &failed) || failed.Attribute != "access_token" || strings.Contains(err.Error(), "abc") {
		t.Errorf("error = %v, want ErrTokenExpired", err)
	}
}

func TestTokenPrintsNoSecret(t *testing.T) {
	t.Parallel()
	token := Token{AccessToken: "canary", ExpiresAt: time.Unix(1767225600, 0)}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", token)
	encoded, err := json.Marshal(struct{ T Token }{token})
	if err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprintf("%v %+v %#v %s %q %x %d ", token, token, token, token, token, token, token) + fmt.Sprint(&token, []Token{token}) + log.String() + string(encoded)
	if strings.Contains(said, "canary") || strings.Contains(said, fmt.Sprintf("%x", "canary")) {
		t.Errorf("a token printed itself: %s", said)
	}
	if !strings.Contains(said, "2026-01-01T00:00:00Z") {
		t.Errorf("the expiry is missing: %s", said)
	}
}

// TestNothingSecretIsLogged runs through the outcomes and looks for secrets in what
// was logged and returned.
func TestNothingSecretIsLogged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.source(t)
	s.Reject(b.mustToken(t, s).AccessToken)
	b.mustToken(t, s)
	b.clock.advance(2 * time.Hour)
	b.endpoint.before = func(w http.ResponseWriter, n int) bool { return n == 3 && hangUp(w) }
	b.mustToken(t, s)
	b.clock.advance(2 * time.Hour)
	b.endpoint.after = func(w http.ResponseWriter, _ int) bool { return hangUp(w) }
	_, err := b.source(t).Token(t.Context())
	if !errors.Is(err, ErrAnswerLost) {
		t.Fatalf("error = %v, want ErrAnswerLost", err)
	}
	said := b.journal.text() + err.Error() + fmt.Sprintf("%+v", errors.Unwrap(err)) + s.Describe().String()
	b.noSecrets(t, "the log", said)
	if !strings.Contains(said, "refreshed the access token") || !strings.Contains(said, "tried once more") {
		t.Errorf("the log says too little: %s", said)
	}
}

func TestPlatformKey(t *testing.T) {
	t.Parallel()
	const tokenKey, secretKey = "token-key-canary", "secret-key-canary"
	tests := map[string]struct {
		status   int
		body     string
		want     error
		contains string
	}{
		"fine":            {200, `{"status":"1","accessToken":"key-1"}`, nil, ""},
		"number":          {200, `{"status":1,"accessToken":"key-1"}`, nil, ""},
		"wrong keys":      {401, `{"status":"0","message":"bad secret-key-canary"}`, ErrClientRejected, "bad [redacted]"},
		"refused by 200":  {200, `{"status":"0","message":"no"}`, ErrClientRejected, "no"},
		"broken":          {502, `<html>token-key-canary</html>`, ErrEndpoint, "HTTP 502"},
		"redirect":        {302, ``, ErrEndpoint, "HTTP 302"},
		"a page with 200": {200, `<html></html>`, ErrEndpoint, "and no key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				var body map[string]string
				err := json.NewDecoder(r.Body).Decode(&body)
				if err != nil || body["tokenKey"] != tokenKey || r.URL.Query().Get("secretKey") != secretKey || r.Method != http.MethodPost {
					t.Errorf("request %v, %s %s, %v", body, r.Method, r.URL, err)
				}
				w.Header().Set("Location", "https://example.com/")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			t.Cleanup(server.Close)
			s, err := NewPlatformKey(PlatformKeyConfig{TokenKey: tokenKey, SecretKey: secretKey, URL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					key, err := s.Key(t.Context())
					if !errors.Is(err, tt.want) || (err == nil) != (key == "key-1") {
						t.Errorf("key %q, error %v, want %v", key, err, tt.want)
					}
					if err != nil && (!strings.Contains(err.Error(), tt.contains) || strings.Contains(err.Error(), "canary")) {
						t.Errorf("error %q", err)
					}
				})
			}
			wg.Wait()
			if tt.want != nil {
				return
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
			s.Reject("key-1")
			if _, err := s.Key(t.Context()); !errors.Is(err, ErrTokenRejected) {
				t.Errorf("error = %v, want ErrTokenRejected", err)
			}
		})
	}
}

func TestPlatformKeyConfig(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]PlatformKeyConfig{
		"token_key":        {SecretKey: "s"},
		"secret_key":       {TokenKey: "t"},
		"platform_key_url": {TokenKey: "t", SecretKey: "s", URL: "http://example.com"},
	} {
		var config *ConfigError
		if _, err := NewPlatformKey(cfg); !errors.As(err, &config) || config.Attribute != want {
			t.Errorf("error = %v, want one about %s", err, want)
		}
	}
}

func TestAnswersOfTheEndpoint(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e := &endpoint{url: "https://x.example", clock: &fakeClock{now: now}}
	at := now.Add(time.Hour)
	tests := map[string]struct {
		body    string
		refresh string
		expires time.Time
		fails   bool
	}{
		"seconds":         {fmt.Sprintf(`{"access_token":"a","refresh_token":"r","expires_at":%d}`, at.Unix()), "r", at, false},
		"milliseconds":    {fmt.Sprintf(`{"access_token":"a","refresh_token":"r","expires_at":%d}`, at.UnixMilli()), "r", at, false},
		"a string":        {fmt.Sprintf(`{"access_token":"a","refresh_token":"r","expires_at":"%d"}`, at.Unix()), "r", at, false},
		"zero":            {`{"access_token":"a","refresh_token":"r","expires_at":0}`, "r", time.Time{}, false},
		"missing":         {`{"access_token":"a","refresh_token":"r"}`, "r", time.Time{}, false},
		"nonsense":        {`{"access_token":"a","refresh_token":"r","expires_at":{"x":1}}`, "r", time.Time{}, false},
		"already over":    {`{"access_token":"a","refresh_token":"r","expires_at":1642508535}`, "r", time.Time{}, false},
		"expires_in":      {`{"access_token":"a","refresh_token":"r","expires_in":3600}`, "r", at, false},
		"envelope":        {fmt.Sprintf(`{"success":true,"data":{"access_token":"a","refresh_token":"r","expires_at":%d}}`, at.Unix()), "r", at, false},
		"no refresh":      {`{"access_token":"a"}`, "", time.Time{}, false},
		"no access token": {`{"refresh_token":"r"}`, "", time.Time{}, true},
		"too long":        {`{"access_token":"a","x":"` + strings.Repeat("y", maxAnswer) + `"}`, "", time.Time{}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := e.pair(httpAnswer{status: 200, header: http.Header{}, body: []byte(tt.body)}, nil)
			if (err != nil) != tt.fails || got.refreshToken != tt.refresh || !got.expiresAt.Equal(tt.expires) {
				t.Errorf("got %v, %v", got.expiresAt, err)
			}
			failed, ok := errors.AsType[*exchangeError](err)
			if tt.fails && (!ok || failed.outcome != outcomeUnknown) {
				t.Errorf("a 200 without tokens is an unknown outcome, got %v", err)
			}
		})
	}
}
