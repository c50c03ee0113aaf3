package auth

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

const (
	testClientID     = "client-1"
	testClientSecret = "client-secret-canary-5d41402abc"
)

// fakeEndpoint is a token endpoint that rotates refresh tokens and ends the
// whole family when one is used twice.
type fakeEndpoint struct {
	server *httptest.Server

	mu        sync.Mutex
	live      map[string]string // Refresh token to family.
	spent     map[string]string
	dead      map[string]bool
	issued    []string
	requests  []map[string]string
	basic     []string
	exchanges int
	reuses    int
	life      time.Duration
	skew      time.Duration
	millis    bool
	// before may answer in place of the endpoint, and after once it has done its
	// work; both report whether they did.
	before, after func(w http.ResponseWriter, n int) bool
}

func newFakeEndpoint(t *testing.T) *fakeEndpoint {
	t.Helper()
	f := &fakeEndpoint{live: map[string]string{}, spent: map[string]string{}, dead: map[string]bool{}, life: time.Hour}
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	return f
}

func (f *fakeEndpoint) url() string { return f.server.URL + "/v1/oauth2/token" }

// seed registers a refresh token, or an authorization code, as its own family.
func (f *fakeEndpoint) seed(token string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live[token] = token
	f.issued = append(f.issued, token)
	return token
}

func (f *fakeEndpoint) counts() (exchanges, reuses, requests int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.exchanges, f.reuses, len(f.requests)
}

// secrets is everything that must never be printed.
func (f *fakeEndpoint) secrets() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{testClientSecret}, f.issued...)
}

func (f *fakeEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	raw, _ := io.ReadAll(r.Body)
	body := map[string]string{}
	_ = json.Unmarshal(raw, &body)
	f.requests = append(f.requests, body)
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = body["client_id"], body["client_secret"]
	} else {
		f.basic = append(f.basic, id)
	}
	w.Header().Set("Date", time.Now().Add(f.skew).UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	if f.before != nil && f.before(w, len(f.requests)) {
		return
	}
	if id != testClientID || secret != testClientSecret {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client"}`)
		return
	}
	token := body["refresh_token"] + body["code"]
	family, ok := f.live[token]
	if spent, used := f.spent[token]; used {
		f.reuses++
		f.dead[spent] = true
	}
	if !ok || f.dead[family] {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"refused %s"}`, token)
		return
	}
	f.rotate(w, token, family)
}

func (f *fakeEndpoint) rotate(w http.ResponseWriter, token, family string) {
	f.exchanges++
	delete(f.live, token)
	f.spent[token] = family
	access, refresh := "at-"+strconv.Itoa(f.exchanges)+"-canary-9b74c9897bac", "rt-"+strconv.Itoa(f.exchanges)+"-canary-6512bd43d9ca"
	f.live[refresh] = family
	f.issued = append(f.issued, access, refresh)
	if f.after != nil && f.after(w, len(f.requests)) {
		return
	}
	expires := time.Now().Add(f.skew + f.life).Unix()
	if f.millis {
		expires *= 1000
	}
	_, _ = fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q,"expires_at":%d,"type":"bearer"}`, access, refresh, expires)
}

// hangUp cuts the connection without an answer.
func hangUp(w http.ResponseWriter) bool {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
	return true
}
