package simulator_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func closeQuietly(t *testing.T, sim *simulator.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), bounded)
	defer cancel()
	if err := sim.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(typeformToWebhook, "c")
	action := "/connect/action-options/" + c.ID + "/" + c.Actions[0].StepID
	b.api(http.MethodPut, action, object{"options": object{"signing_secret": "kept"}})
	b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil, "ACCESSTOKEN", b.sim.IssuePlatformKey())
	b.api(http.MethodGet, "/connects?page=2&limit=5", nil)
	b.api(http.MethodGet, "/nonsense", nil)
	entries := b.sim.Journal()
	if got := operationsOf(entries); got != "create_connect edit_action_options turn_on_connect list_connects " {
		t.Fatalf("operations: %q", got)
	}
	if e := entries[0]; e.Seq != 1 || e.ConnectID != c.ID || e.Status != 200 || !e.Bearer || e.PlatformKey || string(e.Body) != `{"name":"c"}` {
		t.Errorf("create: %+v", e)
	}
	if e := entries[1]; e.Params["stepId"] != c.Actions[0].StepID || !strings.Contains(string(e.Body), "kept") {
		t.Errorf("edit: %+v", e)
	}
	if e := entries[2]; e.Status != 400 || !e.PlatformKey || e.Body != nil {
		t.Errorf("turn on: %+v", e)
	}
	if e := entries[3]; e.Query.Get("page") != "2" || e.RequestID == entries[2].RequestID {
		t.Errorf("list: %+v", e)
	}
	b.sim.ResetJournal()
	if len(b.sim.Journal()) != 0 || len(b.sim.RequestCounts()) != 0 {
		t.Error("the journal remembers")
	}
	b.api(http.MethodGet, "/me", nil)
	if e := b.sim.Journal()[0]; e.Seq != 6 {
		t.Errorf("numbers start again: %+v", e)
	}
}

func TestJournalKeepsNoCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{AutoAuthorize: true})
	p := b.mustRefresh(b.sim.Login())
	b.grant(object{"grant_type": "authorization_code", "code": b.autoCode(), "redirect_uri": redirectURI, "code_verifier": strings.Repeat("v", 43)})
	b.must(http.MethodPost, b.sim.TokenURL(), []byte("refresh_token="+p.Refresh))
	b.platformKey()
	b.profile(p.Access)
	app, _ := b.sim.Catalog().App(b.match(sheetsToHubSpot).Trigger.AppID)
	link := data[struct{ URL string }](t, b.api(http.MethodPost, "/connect-account/"+app.AuthType+"/"+app.ID+"/"+app.SeoLink, object{"appypie-partner-cb": redirectURI}))
	callback := queryOf(t, b.must(http.MethodGet, link.URL, nil)).Get("t")
	b.api(http.MethodGet, "/user-connected-account/by-token?t="+callback, nil)

	secrets := b.sim.IssuedSecrets()
	for _, known := range []string{p.Access, p.Refresh, callback, b.sim.ClientSecret(), b.sim.SecretKey(), strings.TrimPrefix(link.URL, b.sim.URL+"/connect-account/")} {
		if !slices.Contains(secrets, known) {
			t.Errorf("%q is not among the issued secrets", known)
		}
	}
	journal := string(b.must(http.MethodGet, b.sim.URL+"/_simulator/journal", nil).Body) + fmt.Sprintf("%+v", b.sim.Journal())
	for _, secret := range secrets {
		if strings.Contains(journal, secret) {
			t.Errorf("the journal holds %s…", secret[:8])
		}
	}
}

// autoCode is a code from the authorization page that answers by itself.
func (b *bench) autoCode() string {
	b.t.Helper()
	got := b.wants(b.must(http.MethodGet, b.sim.AuthorizationURL()+"?"+b.authorizeQuery(), nil), http.StatusFound)
	return queryOf(b.t, got).Get("code")
}

func TestJournalLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{JournalLimit: 2})
	for range 3 {
		b.api(http.MethodGet, "/me", nil)
	}
	if entries := b.sim.Journal(); len(entries) != 2 || entries[0].Seq != 2 || b.sim.RequestCounts()["get_profile"] != 3 {
		t.Errorf("journal: %+v", entries)
	}
}

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
	if summary.Connects != 1 || summary.ConnectsOn != 0 || summary.RequestsBy["create_connect"] != 1 || summary.ConnectionsOpened < 1 || summary.Tokens.Refreshes != 2 {
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

func TestStartOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "[::]:0"} {
		if sim, err := simulator.Start(t.Context(), simulator.Config{}, addr); err == nil {
			closeQuietly(t, sim)
			t.Errorf("listens on %s", addr)
		}
	}
}

func TestCloseEndsHangingRequests(t *testing.T) {
	t.Parallel()
	sim, err := simulator.Start(t.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{})
	sim.AddFault(simulator.Fault{Kind: simulator.FaultHang, Match: func(simulator.Entry) bool { close(arrived); return true }})
	b := &bench{t: t, sim: sim, token: sim.IssueAccessToken(), http: &http.Client{Timeout: bounded, Transport: &http.Transport{}}}
	ended := make(chan error, 1)
	go func() {
		_, err := b.send(http.MethodGet, sim.APIURL()+"/me", nil, "Authorization", "Bearer "+b.token)
		ended <- err
	}()
	<-arrived
	closeQuietly(t, sim)
	if err := <-ended; err == nil {
		t.Error("a hanging request was answered")
	}
	if conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", strings.TrimPrefix(sim.URL, "http://")); err == nil {
		_ = conn.Close()
		t.Error("still listening")
	}
}

func TestStateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	clock := simulator.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	cfg := simulator.Config{Seed: 3, StateFile: path, Clock: clock}
	before := newBench(t, cfg)
	c := before.complete("kept")
	before.api(http.MethodPost, "/connect/test/"+c.ID, nil)
	before.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil)
	before.api(http.MethodDelete, "/connect/"+before.create(sheetsToHubSpot, "gone").ID, nil)
	seed := before.sim.Login()
	p := before.mustRefresh(seed)
	before.sim.RemoveAccount(before.account(before.match(typeformToTwo).Trigger.AppID))

	after := newBench(t, cfg)
	if diff := cmp.Diff(before.sim.Connects(), after.sim.Connects()); diff != "" {
		t.Errorf("connects: %s", diff)
	}
	if diff := cmp.Diff(before.sim.Accounts(), after.sim.Accounts()); diff != "" {
		t.Errorf("accounts: %s", diff)
	}
	history := "/connect/history/" + c.ID
	if diff := cmp.Diff(string(before.api(http.MethodGet, history, nil).Body), string(after.api(http.MethodGet, history, nil).Body)); diff != "" {
		t.Errorf("history: %s", diff)
	}
	if after.profile(p.Access) != http.StatusOK {
		t.Error("an access token is lost")
	}
	if again := after.create(sheetsToHubSpot, "new"); again.ID == c.ID || len(after.sim.Connects()) != 2 {
		t.Errorf("an id came twice: %s", again.ID)
	}
	after.mustRefresh(p.Refresh)
	after.wantsTokenError(after.refresh(seed), http.StatusBadRequest, "invalid_grant")
	if stats := after.sim.TokenStats(); stats.Reuses != 1 || stats.RevokedFamilies != 1 {
		t.Errorf("stats: %+v", stats)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("state file: %v %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestStateFileRefusals(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	first := newBench(t, simulator.Config{StateFile: path})
	first.create(sheetsToHubSpot, "c")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content string
		seed    uint64
		want    string
	}{
		"truncated":     {string(good[:len(good)/2]), 0, "damaged"},
		"empty":         {"", 0, "damaged"},
		"from tomorrow": {strings.Replace(string(good), `"format":1`, `"format":2`, 1), 0, "format 2"},
		"another seed":  {string(good), 9, "seed 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoiled := filepath.Join(t.TempDir(), "state.json")
			if err := os.WriteFile(spoiled, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := simulator.New(simulator.Config{StateFile: spoiled, Seed: test.seed})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), spoiled) {
				t.Errorf("error %v, want one with %q and the file's name", err, test.want)
			}
			if left, err := os.ReadFile(spoiled); err != nil || string(left) != test.content {
				t.Error("the file was touched")
			}
		})
	}
}

func TestStateFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "there")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, simulator.Config{StateFile: filepath.Join(dir, "state.json")})
	c := b.complete("c")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusInternalServerError)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
}

func TestOverview(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(sheetsToHubSpot, "<script>alert(1)</script>")
	got := b.wants(b.must(http.MethodGet, b.sim.URL+"/", nil), http.StatusOK)
	if text := string(got.Body); !strings.Contains(text, c.ID) || strings.Contains(text, "<script>") || !strings.Contains(text, sheetsToHubSpot) {
		t.Errorf("overview: %s", text)
	}
}

// TestHammer lets many clients do everything at once. What it asserts is little;
// the race detector asserts the rest.
func TestHammer(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{StateFile: filepath.Join(t.TempDir(), "state.json"), PageLimit: 5})
	const clients, rounds = 8, 5
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			token := b.sim.Login()
			for i := range rounds {
				token = b.mustRefresh(token).Refresh
				c := b.complete(fmt.Sprintf("c%d.%d", n, i))
				b.sim.AddFault(simulator.Fault{ConnectID: c.ID, Kind: simulator.FaultDelay})
				b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
				b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
				b.wants(b.api(http.MethodGet, "/connects?page=2", nil), http.StatusOK)
				if err := b.sim.Edit(c.ID, func(c *simulator.Connect) { c.Name += "!" }); err != nil {
					t.Error(err)
				}
				b.must(http.MethodGet, b.sim.URL+"/", nil)
				b.must(http.MethodGet, b.sim.URL+"/_simulator/connects", nil)
				b.sim.Summary()
				b.sim.Journal()
				b.sim.IssuedSecrets()
				if i%2 == 0 {
					b.wants(b.api(http.MethodDelete, "/connect/"+c.ID, nil), http.StatusOK)
				}
			}
		})
	}
	wg.Wait()
	held := b.sim.Connects()
	if len(held) != clients*(rounds/2) {
		t.Errorf("%d connects, want %d", len(held), clients*(rounds/2))
	}
	seen := map[string]bool{}
	for _, c := range held {
		if seen[c.ID] || c.Status != "ON" || !strings.HasSuffix(c.Name, "!") {
			t.Errorf("connect: %+v", c)
		}
		seen[c.ID] = true
	}
	if stats := b.sim.TokenStats(); stats.Refreshes != clients*rounds || stats.Reuses != 0 {
		t.Errorf("stats: %+v", stats)
	}
}
