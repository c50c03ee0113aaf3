package connectapi_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestRetryPolicy counts the attempts of a call that always fails.
func TestRetryPolicy(t *testing.T) {
	t.Parallel()
	const (
		most = 2
		// To be asked to come back later is no failure.
		refusals = 15 * most
	)

	rename := func(b *bench, id string) error { return b.Rename(b.t.Context(), id, "New") }
	create := func(b *bench, _ string) error {
		_, err := b.CreateConnect(b.t.Context(), b.match(sheetsToHubSpot).ID, "New")
		return err
	}
	test := func(b *bench, id string) error {
		_, err := b.Apply(b.t.Context(), id, nil, connectapi.Change{Test: true})
		return err
	}
	status := func(code int, retryAfter string) simulator.Fault {
		return simulator.Fault{Kind: simulator.FaultStatus, Status: code, RetryAfter: retryAfter}
	}

	for label, tc := range map[string]struct {
		operation string
		call      func(*bench, string) error
		fault     simulator.Fault
		want      int
	}{
		"idempotent 429":                     {"update_connect_name", rename, status(429, "0"), 1 + refusals},
		"idempotent 500":                     {"update_connect_name", rename, status(500, ""), 1},
		"idempotent 501":                     {"update_connect_name", rename, status(501, ""), 1},
		"idempotent 502":                     {"update_connect_name", rename, status(502, ""), 1 + most},
		"idempotent 503":                     {"update_connect_name", rename, status(503, ""), 1 + most},
		"idempotent 504":                     {"update_connect_name", rename, status(504, ""), 1 + most},
		"idempotent 400":                     {"update_connect_name", rename, status(400, ""), 1},
		"idempotent 404":                     {"update_connect_name", rename, status(404, ""), 1},
		"idempotent reset":                   {"update_connect_name", rename, simulator.Fault{Kind: simulator.FaultResetBeforeCommit}, 1 + most},
		"idempotent reset after it was done": {"update_connect_name", rename, simulator.Fault{Kind: simulator.FaultResetAfterCommit}, 1 + most},
		"idempotent login page":              {"update_connect_name", rename, simulator.Fault{Kind: simulator.FaultHTML}, 1},
		"create 429":                         {"create_connect", create, status(429, "0"), 1 + refusals},
		"create 503 with Retry-After":        {"create_connect", create, status(503, "0"), 1 + most},
		"test 500":                           {"run_test", test, status(500, ""), 1},
		"test 504":                           {"run_test", test, status(504, ""), 1},
		"test reset after it was done":       {"run_test", test, simulator.Fault{Kind: simulator.FaultResetAfterCommit}, 1},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{}, retries(most))
			made := b.create(sheetsToHubSpot, true, true)
			// Connections that are in use already make the transport repeat of its own accord, if it ever does.
			must(b.Profile(t.Context()))(t)

			tc.fault.Operation, tc.fault.Times = tc.operation, -1
			b.sim.AddFault(tc.fault)
			if err := tc.call(b, made.ID); err == nil {
				t.Error("no error")
			}
			if got := b.sim.RequestCounts()[tc.operation]; got != tc.want {
				t.Errorf("%d attempts, want %d", got, tc.want)
			}
		})
	}
}

// TestRetrySucceeds carries on after a failure that passes, and not without leave.
func TestRetrySucceeds(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]int{0: 1, 1: 2, 5: 3} {
		t.Run(strconv.Itoa(most), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{}, retries(most))
			b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 503, Times: 2})
			_, err := b.Profile(t.Context())
			if (err == nil) != (most >= 2) {
				t.Errorf("error: %v", err)
			}
			if got := b.sim.RequestCounts()["get_profile"]; got != want {
				t.Errorf("%d attempts, want %d", got, want)
			}
		})
	}
}

// TestRetryAfter waits as long as it is told, and no longer than the caller.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	t.Run("honored", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, simulator.Config{}, retries(1))
		b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 429, RetryAfter: "1"})
		start := time.Now()
		must(b.Profile(t.Context()))(t)
		if waited := time.Since(start); waited < time.Second {
			t.Errorf("came back after %s", waited)
		}
	})

	t.Run("canceled", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, simulator.Config{}, retries(3))
		b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 429, RetryAfter: "86400", Times: -1})

		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := b.Profile(ctx); !errors.Is(err, connectapi.ErrRateLimited) || connectapi.OutcomeUnknown(err) {
			t.Errorf("error: %v", err)
		}
		if waited := time.Since(start); waited > bounded/2 {
			t.Errorf("waited %s", waited)
		}
		if got := b.sim.RequestCounts()["get_profile"]; got != 1 {
			t.Errorf("%d attempts", got)
		}
	})
}

// TestRetryUnreachable repeats even a create when nothing ever left, and says
// that its outcome is known.
func TestRetryUnreachable(t *testing.T) {
	t.Parallel()
	var attempts atomic.Int32
	client := newClient(t, "http://127.0.0.1:1", retries(2), func(c *connectapi.Config) {
		c.Log = func(context.Context, string, map[string]any) { attempts.Add(1) }
	})
	_, err := client.CreateConnect(t.Context(), "match", "Leads")
	if !errors.Is(err, connectapi.ErrUnreachable) || connectapi.OutcomeUnknown(err) || !contains(err, "127.0.0.1:1") {
		t.Errorf("error: %v", err)
	}
	if attempts.Load() != 3 {
		t.Errorf("%d attempts", attempts.Load())
	}
}

// rotating is a token source that moves on when its token is refused.
type rotating struct {
	mu       sync.Mutex
	tokens   []string
	rejected []string
}

func (s *rotating) Token(context.Context) (auth.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return auth.Token{AccessToken: s.tokens[min(len(s.rejected), len(s.tokens)-1)]}, nil
}

func (s *rotating) Reject(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected = append(s.rejected, token)
}

func (s *rotating) Describe() auth.Description { return auth.Description{} }

// TestUnauthorized: one renewal, one repetition, and never more.
func TestUnauthorized(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		good bool // the renewed token is accepted
		call func(context.Context, *connectapi.Client) error
	}{
		"renewed": {good: true, call: profileOf},
		"refused": {call: profileOf},
		"a create is repeated too, because nothing was done": {good: true, call: func(ctx context.Context, c *connectapi.Client) error {
			_, err := c.CreateConnect(ctx, "match", "Leads")
			return err
		}},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			var (
				mu   sync.Mutex
				used []string
			)

			source := &rotating{tokens: []string{"stale-token", "fresh-token"}}
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				used = append(used, r.Header.Get("Authorization"))
				mu.Unlock()
				if !tc.good || r.Header.Get("Authorization") != "Bearer fresh-token" {
					writeJSON(w, http.StatusUnauthorized, `{"success":false,"code":401,"message":"no: fresh-token"}`)
					return
				}
				if r.URL.Path == "/connects" {
					writeJSON(w, http.StatusOK, `{"success":true,"total":0,"data":[]}`)
					return
				}
				writeJSON(w, http.StatusOK, `{"success":true,"data":{"_id":"1","name":"N","status":"OFF","trigger":{"options":{}},"actions":[{"options":{}}]}}`)
			}, retries(3), func(c *connectapi.Config) { c.Tokens = source })
			err := tc.call(t.Context(), client)
			if (err == nil) != tc.good || !tc.good && !errors.Is(err, connectapi.ErrUnauthorized) {
				t.Errorf("error: %v", err)
			}
			if contains(err, "fresh-token") {
				t.Errorf("the token is in the error: %v", err)
			}

			mu.Lock()
			defer mu.Unlock()

			// A creation asks for a listing first, so it makes one call more.
			if len(used) < 2 || len(used) > 3 || used[0] != "Bearer stale-token" || slices.Contains(used[1:], used[0]) || len(source.rejected) != 1 || source.rejected[0] != "stale-token" {
				t.Errorf("used %v, rejected %v", used, source.rejected)
			}
		})
	}
}

func profileOf(ctx context.Context, c *connectapi.Client) error {
	_, err := c.Profile(ctx)
	return err
}
