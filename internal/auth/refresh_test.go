package auth

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRefreshOnceAndReuseTheStore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.mustToken(t, b.source(t))
	second := b.mustToken(t, b.source(t))
	if first != second {
		t.Errorf("a second process got another token")
	}
	b.expectExchanges(t, 1)
	if rec := b.stored(t); rec.Generation != 1 || rec.Intent != nil || len(rec.Lineage) != 2 {
		t.Errorf("stored generation %d, intent %v, %d fingerprints", rec.Generation, rec.Intent, len(rec.Lineage))
	}
}

func TestRefreshChainKeepsEveryFingerprint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 5 {
		b.mustToken(t, b.source(t))
		b.clock.advance(b.endpoint.life)
	}
	b.expectExchanges(t, 5)
	if rec := b.stored(t); len(rec.Lineage) != 6 || rec.Revision != 10 {
		t.Errorf("%d fingerprints at revision %d", len(rec.Lineage), rec.Revision)
	}
}

func TestConcurrentCallersShareOneExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.source(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := s.Token(t.Context()); err != nil {
				t.Errorf("token: %v", err)
			}
		})
	}
	wg.Wait()
	b.expectExchanges(t, 1)
}

func TestEarlyRefresh(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		life, after time.Duration
		exchanges   int
	}{
		"an hour, 61 seconds left":  {time.Hour, time.Hour - 63*time.Second, 1},
		"an hour, 59 seconds left":  {time.Hour, time.Hour - 58*time.Second, 2},
		"100 seconds, 12 left":      {100 * time.Second, 87 * time.Second, 1},
		"100 seconds, 9 left":       {100 * time.Second, 92 * time.Second, 2},
		"expiry unknown, a day old": {0, 24 * time.Hour, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.life = tt.life
			if tt.life == 0 {
				b.endpoint.life = -time.Hour
			}
			s := b.source(t)
			b.mustToken(t, s)
			b.clock.advance(tt.after)
			b.mustToken(t, s)
			b.expectExchanges(t, tt.exchanges)
		})
	}
}

func TestMillisecondExpiry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.endpoint.millis = true
	if left := time.Until(b.mustToken(t, b.source(t)).ExpiresAt); left < 59*time.Minute || left > 61*time.Minute {
		t.Errorf("token ends in %s", left)
	}
}

func TestClockOffByADay(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"local clock slow": 24 * time.Hour, "local clock fast": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.skew = skew
			b.mustToken(t, b.source(t))
			b.clock.advance(50 * time.Minute)
			b.mustToken(t, b.source(t))
			b.expectExchanges(t, 1)
			b.clock.advance(15 * time.Minute)
			b.mustToken(t, b.source(t))
			b.expectExchanges(t, 2)
		})
	}
}

func TestRejectForcesOneRefresh(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s, other := b.source(t), b.source(t)
	old := b.mustToken(t, s)
	b.mustToken(t, other)
	for range 3 {
		s.Reject(old.AccessToken)
	}
	fresh := b.mustToken(t, s)
	if fresh == old {
		t.Fatalf("the rejected token came back")
	}
	// Another process that saw the same 401 adopts the newer generation.
	other.Reject(old.AccessToken)
	if got := b.mustToken(t, other); got != fresh {
		t.Errorf("the other process did not adopt the newer token")
	}
	b.expectExchanges(t, 2)
}

func TestRejectingEveryTokenDoesNotSpendOneAfterTheOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.source(t)
	s.Reject(b.mustToken(t, s).AccessToken)
	s.Reject(b.mustToken(t, s).AccessToken)
	for range 5 {
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrTokenRejected) {
			t.Fatalf("error = %v, want ErrTokenRejected", err)
		}
	}
	b.expectExchanges(t, 2)
	b.clock.advance(time.Minute)
	b.mustToken(t, s)
	b.expectExchanges(t, 3)
}

func TestCancellationDoesNotCutTheExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.endpoint.after = func(http.ResponseWriter, int) bool {
		cancel()
		return false
	}
	if _, err := b.source(t).Token(ctx); err != nil {
		t.Fatalf("token: %v", err)
	}
	if rec := b.stored(t); rec.Generation != 1 {
		t.Errorf("generation %d was stored, want 1", rec.Generation)
	}
}

func TestCancelledBeforehandSpendsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.source(t).Token(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("error = %v, want context.Canceled", err)
	}
	b.expectExchanges(t, 0)
}

func TestDeadLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustToken(t, b.source(t))
	b.endpoint.mu.Lock()
	b.endpoint.dead["seed-canary-c20ad4d76fe97759"] = true
	b.endpoint.mu.Unlock()
	b.clock.advance(3 * time.Hour)
	_, err := b.source(t).Token(t.Context())
	var failed *Error
	if !errors.As(err, &failed) || !errors.Is(err, ErrLoginRequired) || errors.Is(err, ErrAnswerLost) {
		t.Fatalf("error = %v, want ErrLoginRequired", err)
	}
	if failed.Age.Round(time.Minute) != 3*time.Hour || failed.Profile != "default" {
		t.Errorf("age %s, profile %q", failed.Age, failed.Profile)
	}
	b.noSecrets(t, "the error", err.Error())
	_, _, before := b.endpoint.counts()
	if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrLoginRequired) {
		t.Errorf("error of the next run = %v, want ErrLoginRequired", err)
	}
	if _, _, after := b.endpoint.counts(); after != before {
		t.Errorf("the next run asked the endpoint again")
	}
	// A new seed starts a new lineage and works.
	b.cfg.RefreshToken = b.endpoint.seed("seed-2-canary-70efdf2ec9b08607")
	b.mustToken(t, b.source(t))
}

func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	fail := func(w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	tests := map[string]struct {
		before, after func(w http.ResponseWriter, n int) bool
		want          []error
		thenWorks     bool
		requests      int
	}{
		"502 before the exchange, then fine": {
			before: func(w http.ResponseWriter, n int) bool { return n == 1 && fail(w) }, thenWorks: true, requests: 2,
		},
		"always 502": {
			before: func(w http.ResponseWriter, n int) bool { return n <= 2 && fail(w) }, want: []error{ErrOutcomeUnknown}, thenWorks: true, requests: 2,
		},
		"cut off before the exchange": {
			before: func(w http.ResponseWriter, n int) bool { return n == 1 && hangUp(w) }, thenWorks: true, requests: 2,
		},
		"answer lost after the exchange": {
			after: func(w http.ResponseWriter, n int) bool { return n == 1 && hangUp(w) },
			want:  []error{ErrLoginRequired, ErrAnswerLost}, requests: 2,
		},
		"a page instead of tokens, then fine": {
			before: func(w http.ResponseWriter, n int) bool {
				if n == 1 {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					_, _ = w.Write([]byte("<html>sign in</html>"))
				}
				return n == 1
			}, thenWorks: true, requests: 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.before, b.endpoint.after = tt.before, tt.after
			_, err := b.source(t).Token(t.Context())
			if len(tt.want) == 0 && err != nil {
				t.Fatalf("token: %v", err)
			}
			for _, want := range tt.want {
				if !errors.Is(err, want) {
					t.Errorf("error = %v, want %v", err, want)
				}
			}
			if _, _, requests := b.endpoint.counts(); requests != tt.requests {
				t.Errorf("%d requests, want %d", requests, tt.requests)
			}
			_, err = b.source(t).Token(t.Context())
			if works := err == nil; works != tt.thenWorks {
				t.Errorf("the next run: %v", err)
			}
		})
	}
}

func TestDefiniteRefusalsSpendNothing(t *testing.T) {
	t.Parallel()
	answer := func(status int, contentType, body string, header ...string) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, n int) bool {
			w.Header().Set("Content-Type", contentType)
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			if n > 1 && status == http.StatusTooManyRequests {
				return false
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	tests := map[string]struct {
		before   func(http.ResponseWriter, int) bool
		want     error
		contains string
		requests int
	}{
		"wrong client":          {answer(401, "application/json", `{"error":"invalid_client"}`), ErrClientRejected, "the token endpoint refuses the client", 1},
		"redirect to a host":    {answer(302, "text/html", "", "Location", "https://login.example.com/x?y=z"), ErrEndpoint, "HTTP 302 (text/html) and redirects to login.example.com", 1},
		"page not found":        {answer(404, "text/html", "<html>seed</html>"), ErrEndpoint, "HTTP 404 (text/html)", 1},
		"unsupported grant":     {answer(400, "application/json", `{"error":"unsupported_grant_type"}`), ErrEndpoint, "unsupported_grant_type", 1},
		"429, then fine":        {answer(429, "application/json", `{"message":"slow down"}`, "Retry-After", "3"), nil, "", 2},
		"429 for ten minutes":   {answer(429, "application/json", `{"message":"slow down"}`, "Retry-After", "600"), ErrEndpoint, "slow down", 1},
		"error with status 200": {answer(200, "application/json", `{"error":"temporarily_unavailable"}`), ErrEndpoint, "temporarily_unavailable", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.before = tt.before
			_, err := b.source(t).Token(t.Context())
			if !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			if err != nil && !strings.Contains(err.Error(), tt.contains) {
				t.Errorf("error %q does not say %q", err, tt.contains)
			}
			if _, _, requests := b.endpoint.counts(); requests != tt.requests {
				t.Errorf("%d requests, want %d", requests, tt.requests)
			}
			if rec := b.stored(t); rec.Intent != nil {
				t.Errorf("an intent is left behind")
			}
			b.endpoint.before = nil
			b.mustToken(t, b.source(t))
			b.expectExchanges(t, 1)
		})
	}
}

func TestUnreachableEndpoint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.endpoint.server.Close()
	s := b.source(t)
	if _, err := s.Token(t.Context()); !errors.Is(err, ErrEndpoint) || errors.Is(err, ErrOutcomeUnknown) {
		t.Fatalf("error = %v, want ErrEndpoint", err)
	}
	if rec := b.stored(t); rec.Intent != nil || rec.Generation != 0 {
		t.Errorf("an intent is left behind")
	}
}

func TestLastMinuteTokenOutlivesAFailedRefresh(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old := b.mustToken(t, b.source(t))
	b.clock.advance(time.Hour - 30*time.Second)
	b.endpoint.server.Close()
	s := b.source(t)
	if got := b.mustToken(t, s); got != old {
		t.Errorf("another token came out")
	}
	b.mustToken(t, s)
	b.clock.advance(time.Minute)
	if _, err := s.Token(t.Context()); !errors.Is(err, ErrEndpoint) {
		t.Errorf("error = %v, want ErrEndpoint", err)
	}
}

func TestAdoptsNewerGenerationAfterInvalidGrant(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustToken(t, b.source(t))
	b.clock.advance(2 * time.Hour)
	// Someone without the lock refreshes while our request is on its way.
	b.endpoint.before = func(w http.ResponseWriter, _ int) bool {
		rec := b.stored(t)
		rec = rec.succeed(pair{accessToken: "at-other", refreshToken: "rt-other", expiresAt: b.clock.Now().Add(time.Hour), obtainedAt: b.clock.Now()}, false)
		data, err := rec.serialize()
		if err != nil {
			t.Errorf("serialize: %v", err)
		}
		if err := os.WriteFile(b.file(recordSuffix), data, 0o600); err != nil {
			t.Errorf("write: %v", err)
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return true
	}
	if got := b.mustToken(t, b.source(t)); got.AccessToken != "at-other" {
		t.Errorf("the newer token was not adopted")
	}
	if rec := b.stored(t); rec.RefreshToken != "rt-other" || rec.Failure != nil {
		t.Errorf("the newer pair was touched")
	}
}

func TestFailureIsRememberedForAMoment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.endpoint.before = func(w http.ResponseWriter, _ int) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}
	s := b.source(t)
	for _, want := range []int{1, 1, 1} {
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrEndpoint) {
			t.Fatalf("error = %v, want ErrEndpoint", err)
		}
		if _, _, requests := b.endpoint.counts(); requests != want {
			t.Errorf("%d requests, want %d", requests, want)
		}
	}
	b.endpoint.before = nil
	b.clock.advance(failureMemory)
	b.mustToken(t, s)
}
