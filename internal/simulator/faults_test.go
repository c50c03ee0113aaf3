package simulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   simulator.Fault
		dropped bool
		made    int // connects after the faulty create
		check   func(t *testing.T, got answer)
	}{
		"status": {
			fault: simulator.Fault{Kind: simulator.FaultStatus, Status: 503, Message: "down", RetryAfter: "7"},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if body := decode[errorBody](t, got); got.Status != 503 || body.Code != 503 || body.Message != "down" || got.Header.Get("Retry-After") != "7" {
					t.Errorf("%d %s", got.Status, got.Body)
				}
			},
		},
		"status by default": {
			fault: simulator.Fault{Kind: simulator.FaultStatus},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if got.Status != 500 {
					t.Errorf("status %d", got.Status)
				}
			},
		},
		"too many requests": {
			fault: simulator.Fault{Kind: simulator.FaultStatus, Status: 429},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if got.Status != 429 || got.Header.Get("Retry-After") != "1" {
					t.Errorf("%d, Retry-After %q", got.Status, got.Header.Get("Retry-After"))
				}
			},
		},
		"status with a body": {
			fault: simulator.Fault{Kind: simulator.FaultStatus, Status: 502, Body: "<h1>Bad gateway</h1>", ContentType: "text/html"},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if got.Status != 502 || string(got.Body) != "<h1>Bad gateway</h1>" || got.Header.Get("Content-Type") != "text/html" {
					t.Errorf("%d %s", got.Status, got.Body)
				}
			},
		},
		"reset before commit": {fault: simulator.Fault{Kind: simulator.FaultResetBeforeCommit}, dropped: true},
		"reset after commit":  {fault: simulator.Fault{Kind: simulator.FaultResetAfterCommit}, dropped: true, made: 1},
		"malformed body": {
			fault: simulator.Fault{Kind: simulator.FaultMalformedBody}, made: 1,
			check: func(t *testing.T, got answer) {
				t.Helper()
				if got.Status != 200 || len(got.Body) == 0 || json.Valid(got.Body) {
					t.Errorf("%d %s", got.Status, got.Body)
				}
			},
		},
		"html": {
			fault: simulator.Fault{Kind: simulator.FaultHTML},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if got.Status != 200 || !strings.Contains(string(got.Body), "Log in") || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
					t.Errorf("%d %s", got.Status, got.Body)
				}
			},
		},
		"success false": {
			fault: simulator.Fault{Kind: simulator.FaultSuccessFalse, Code: 2036, Message: "no"},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if body := decode[errorBody](t, got); got.Status != 200 || body.Success || body.Code != 2036 {
					t.Errorf("%d %s", got.Status, got.Body)
				}
			},
		},
		"not applied": {
			fault: simulator.Fault{Kind: simulator.FaultNotApplied},
			check: func(t *testing.T, got answer) {
				t.Helper()
				if data[connectBody](t, got).Name != "c" {
					t.Errorf("%s", got.Body)
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			test.fault.Operation = "create_connect"
			b.sim.AddFault(test.fault)
			url := b.sim.APIURL() + "/connect/popular-match/" + b.match(sheetsToHubSpot).ID
			got, err := b.send(http.MethodPost, url, b.encode(object{"name": "c"}), "Authorization", "Bearer "+b.token)
			if (err != nil) != test.dropped {
				t.Fatalf("dropped %v, want %v: %v", err != nil, test.dropped, err)
			}
			if test.check != nil {
				test.check(t, got)
			}
			if made := len(b.sim.Connects()); made != test.made {
				t.Errorf("%d connects, want %d", made, test.made)
			}
			entry := b.sim.Journal()[0]
			if entry.Fault != test.fault.Kind || (entry.Status == 0) != test.dropped {
				t.Errorf("journal: %+v", entry)
			}
			b.create(sheetsToHubSpot, "after") // Once means once.
			if made := len(b.sim.Connects()); made != test.made+1 {
				t.Errorf("%d connects after a good create, want %d", made, test.made+1)
			}
		})
	}
}

func TestStaleList(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c") // Three writes: create and two edits.
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
	for _, step := range []struct {
		writes int
		check  func(connectBody, bool) bool
	}{
		{0, func(c connectBody, there bool) bool {
			return there && c.Status == "OFF" && len(c.Actions[0].Options) == 1
		}},
		{2, func(c connectBody, there bool) bool { return there && len(c.Actions[0].Options) == 0 }},
		{4, func(_ connectBody, there bool) bool { return !there }},
		{16, func(_ connectBody, there bool) bool { return !there }},
	} {
		b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStaleList, Writes: step.writes})
		if got, there := b.listed(c.ID); !step.check(got, there) {
			t.Errorf("%d writes ago: %v %+v", step.writes, there, got)
		}
	}
	if got, there := b.listed(c.ID); !there || got.Status != "ON" {
		t.Errorf("now: %v %+v", there, got)
	}
}

func TestNotAppliedSwitch(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	b.sim.AddFault(simulator.Fault{Operation: "turn_on_connect", Kind: simulator.FaultNotApplied})
	if got := data[connectBody](t, b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil)); got.Status != "ON" {
		t.Errorf("answer: %+v", got)
	}
	if got, _ := b.listed(c.ID); got.Status != "OFF" {
		t.Errorf("listed: %+v", got)
	}
}

func TestFaultCounting(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault simulator.Fault
		want  string // of six requests, x is faulty
	}{
		"once":       {simulator.Fault{}, "x....."},
		"three":      {simulator.Fault{Times: 3}, "xxx..."},
		"always":     {simulator.Fault{Times: -1}, "xxxxxx"},
		"later":      {simulator.Fault{Skip: 2}, "..x..."},
		"later, two": {simulator.Fault{Skip: 1, Times: 2}, ".xx..."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			test.fault.Operation, test.fault.Kind = "get_profile", simulator.FaultStatus
			b.sim.AddFault(test.fault)
			got := ""
			for range 6 {
				b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK)
				got += map[bool]string{true: ".", false: "x"}[b.api(http.MethodGet, "/me", nil).Status == http.StatusOK]
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			b.sim.ClearFaults()
			b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
		})
	}
}

func TestFaultAim(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	one, two := b.complete("one"), b.complete("two")
	b.sim.AddFault(simulator.Fault{ConnectID: two.ID, Kind: simulator.FaultStatus, Times: -1})
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+one.ID, nil), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+two.ID, nil), http.StatusInternalServerError)
	b.sim.ClearFaults()
	b.sim.AddFault(simulator.Fault{
		Kind: simulator.FaultStatus,
		Match: func(e simulator.Entry) bool {
			return strings.Contains(string(e.Body), "three") && len(b.sim.Connects()) == 2
		},
	})
	b.wants(b.api(http.MethodPut, "/connect/name/"+one.ID, object{"name": "four"}), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/name/"+one.ID, object{"name": "three"}), http.StatusInternalServerError)
	b.sim.AddFault(simulator.Fault{Operation: "list_conects", Kind: simulator.FaultStatus})
	if got := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusInternalServerError); !strings.Contains(string(got.Body), "list_conects") {
		t.Errorf("a fault with a typing error: %s", got.Body)
	}
}

func TestFaultNeedsCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: 503})
	if got := b.profile("expired"); got != http.StatusUnauthorized {
		t.Errorf("status %d", got)
	}
	if got := b.profile(b.token); got != http.StatusServiceUnavailable {
		t.Errorf("an unauthorized request used the fault up: %d", got)
	}
}

func TestFaultsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	seed := b.sim.Login()
	b.sim.AddFault(simulator.Fault{Operation: "create_token", Kind: simulator.FaultStatus, Status: 400})
	b.wantsTokenError(b.refresh(seed), http.StatusBadRequest, "invalid_grant")
	b.sim.AddFault(simulator.Fault{Operation: "create_token", Kind: simulator.FaultStatus, Status: 503})
	b.wants(b.refresh(seed), http.StatusServiceUnavailable)
	b.sim.AddFault(simulator.Fault{Operation: "create_token", Kind: simulator.FaultResetAfterCommit})
	if _, err := b.send(http.MethodPost, b.sim.TokenURL(), b.encode(object{
		"client_id": b.sim.ClientID(), "client_secret": b.sim.ClientSecret(), "grant_type": "refresh_token", "refresh_token": seed,
	})); err == nil {
		t.Fatal("answered")
	}
	if stats := b.sim.TokenStats(); stats.Refreshes != 1 {
		t.Errorf("the token was not spent: %+v", stats)
	}
	b.wantsTokenError(b.refresh(seed), http.StatusBadRequest, "invalid_grant")
}

func TestDelay(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultDelay, Delay: time.Minute})
	done := make(chan answer, 1)
	go func() { done <- b.api(http.MethodGet, "/me", nil) }()
	b.untilWaiting()
	if entry := b.sim.Journal()[0]; entry.Status != 0 || entry.Operation != "get_profile" {
		t.Errorf("a request in flight: %+v", entry)
	}
	b.clock.Advance(time.Minute)
	b.wants(<-done, http.StatusOK)
}

func TestPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Kind: simulator.FaultStatus, Match: func(simulator.Entry) bool { panic("in a test's Match") }})
	got := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusInternalServerError)
	if !strings.Contains(string(got.Body), "in a test's Match") || got.Header.Get("X-Request-Id") == "" {
		t.Errorf("%v %s", got.Header, got.Body)
	}
	b.sim.ClearFaults()
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
}

// TestImpatientClient holds the difference between a request that is slow and
// one that hangs: the slow one is carried out although nobody waits for it.
func TestImpatientClient(t *testing.T) {
	t.Parallel()
	for kind, made := range map[simulator.FaultKind]int{simulator.FaultDelay: 1, simulator.FaultHang: 0} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			ended := make(chan simulator.Exchange, 1)
			b := newBench(t, simulator.Config{Observe: func(x simulator.Exchange) { ended <- x }})
			// The client gives up when the request has arrived, however long that takes.
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			b.sim.AddFault(simulator.Fault{
				Kind: kind, Delay: map[bool]time.Duration{true: time.Hour}[kind == simulator.FaultDelay],
				Match: func(simulator.Entry) bool { giveUp(); return true },
			})
			url := b.sim.APIURL() + "/connect/popular-match/" + b.match(sheetsToHubSpot).ID
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"name":"c"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+b.token)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Accept", "application/json")
			if resp, err := b.http.Do(req); err == nil {
				_ = resp.Body.Close()
				t.Fatal("answered")
			}
			select {
			case <-ended:
			case <-time.After(bounded):
				t.Fatal("the request never ended")
			}
			if got := len(b.sim.Connects()); got != made {
				t.Errorf("%d connects, want %d", got, made)
			}
		})
	}
}
