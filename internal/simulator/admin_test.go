package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestAdmin(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	admin := func(method, path string, body any) answer {
		t.Helper()
		return b.wants(b.must(method, b.sim.URL+"/_simulator/"+path, b.encode(body)), http.StatusOK)
	}
	c := b.complete("c")
	admin(http.MethodPost, "connects/"+c.ID+"/turn-on", nil)
	if got, _ := b.listed(c.ID); got.Status != "ON" {
		t.Errorf("turned on by hand: %+v", got)
	}
	admin(http.MethodPost, "connects/"+c.ID+"/turn-off", nil)
	if held := decode[[]simulator.Connect](t, admin(http.MethodGet, "connects", nil)); len(held) != 1 || held[0].Status != "OFF" || held[0].Name != "c" {
		t.Errorf("connects: %+v", held)
	}

	admin(http.MethodPost, "faults", object{"operation": "get_profile", "kind": "status", "status": 503, "times": 2, "delay": "0s"})
	if got := b.profile(b.token); got != 503 {
		t.Errorf("fault: %d", got)
	}
	if faults := decode[[]object](t, admin(http.MethodGet, "faults", nil)); len(faults) != 1 || faults[0]["kind"] != "status" {
		t.Errorf("faults: %v", faults)
	}
	admin(http.MethodDelete, "faults", nil)
	if got := b.profile(b.token); got != 200 {
		t.Errorf("after clearing: %d", got)
	}

	login := decode[map[string]string](t, admin(http.MethodPost, "login", nil))
	p := b.mustRefresh(login["refresh_token"])
	admin(http.MethodPost, "expire-tokens", nil)
	if got := b.profile(p.Access); got != 401 {
		t.Errorf("after expiry: %d", got)
	}
	p = b.mustRefresh(p.Refresh)
	admin(http.MethodPost, "clock/advance", object{"by": "2h"})
	if got := b.profile(p.Access); got != 401 {
		t.Errorf("two hours later: %d", got)
	}
	if got := decode[map[string]string](t, admin(http.MethodGet, "credentials", nil)); got["client_id"] != b.sim.ClientID() || got["client_secret"] != b.sim.ClientSecret() {
		t.Errorf("credentials: %v", got)
	}
	summary := decode[simulator.Summary](t, admin(http.MethodGet, "summary", nil))
	if summary.Connects != 1 || summary.ConnectsOn != 0 || summary.RequestsBy["create_connect"] != 1 || summary.ConnectionsOpened < 1 || b.sim.ConnectionsOpen() < 1 || summary.Tokens.Refreshes != 2 {
		t.Errorf("summary: %+v", summary)
	}
	if journal := decode[[]simulator.Entry](t, admin(http.MethodGet, "journal", nil)); len(journal) != summary.Requests {
		t.Errorf("journal of %d, %d requests", len(journal), summary.Requests)
	}
	admin(http.MethodDelete, "journal", nil)
	if len(b.sim.Journal()) != 0 {
		t.Error("the journal remembers")
	}
}

func TestAdminRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	port := b.sim.URL[strings.LastIndex(b.sim.URL, ":"):]
	for name, test := range map[string]struct {
		method, path string
		body         any
		headers      []string
		status       int
	}{
		"unknown command":   {http.MethodGet, "nonsense", nil, nil, 404},
		"wrong method":      {http.MethodPut, "journal", nil, nil, 404},
		"unknown connect":   {http.MethodPost, "connects/nonsense/turn-on", nil, nil, 404},
		"unknown verb":      {http.MethodPost, "connects/nonsense/delete", nil, nil, 404},
		"unknown kind":      {http.MethodPost, "faults", object{"kind": "explode"}, nil, 400},
		"unknown operation": {http.MethodPost, "faults", object{"kind": "hang", "operation": "x"}, nil, 400},
		"bad every":         {http.MethodPost, "faults", object{"kind": "slow_drip", "every": "slowly"}, nil, 400},
		"no pages":          {http.MethodPost, "faults", object{"kind": "lying_total", "operation": "get_profile", "total_by": -1}, nil, 400},
		"bad delay":         {http.MethodPost, "faults", object{"kind": "delay", "delay": "soon"}, nil, 400},
		"bad advance":       {http.MethodPost, "clock/advance", object{"by": "-1h"}, nil, 400},
		"rebound name":      {http.MethodGet, "credentials", nil, []string{"Host", "evil.example" + port}, 403},
		"another page":      {http.MethodPost, "login", nil, []string{"Origin", "https://evil.example"}, 403},
		"another port":      {http.MethodPost, "login", nil, []string{"Origin", "http://127.0.0.1:1"}, 403},
		"own page":          {http.MethodPost, "login", nil, []string{"Origin", b.sim.URL}, 200},
		"localhost":         {http.MethodGet, "summary", nil, []string{"Host", "localhost" + port}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.wants(b.must(test.method, b.sim.URL+"/_simulator/"+test.path, b.encode(test.body), test.headers...), test.status)
		})
	}
}

func TestAdminAnswersThisMachineOnly(t *testing.T) {
	t.Parallel()
	sim, err := simulator.New(simulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for peer, want := range map[string]int{"127.0.0.1:9": 200, "[::1]:9": 200, "192.0.2.1:9": 403, "nonsense": 403} {
		for _, path := range []string{"/_simulator/credentials", "/"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.RemoteAddr = peer
			rec := &recorder{header: http.Header{}}
			sim.Handler().ServeHTTP(rec, req)
			if rec.status != want {
				t.Errorf("%s from %s: %d, want %d", path, peer, rec.status, want)
			}
		}
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }
