package auth

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeClock stands still unless someone waits: a wait advances it at once.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func newFakeClock() *fakeClock { return &fakeClock{now: time.Now()} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) After(d time.Duration) <-chan time.Time {
	c.advance(d)
	ready := make(chan time.Time, 1)
	ready <- c.Now()
	return ready
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// journal collects what is logged.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) log(_ context.Context, level slog.Level, msg string, fields map[string]any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprint(level, " ", msg, " ", fields))
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "\n")
}

// bench is one configuration against a fake endpoint.
type bench struct {
	endpoint *fakeEndpoint
	clock    *fakeClock
	journal  *journal
	cfg      Config
	env      environment
}

func newBench(t *testing.T) *bench {
	t.Helper()
	f := newFakeEndpoint(t)
	b := &bench{endpoint: f, clock: newFakeClock(), journal: &journal{}, env: osEnvironment()}
	b.cfg = Config{
		ClientID: testClientID, ClientSecret: testClientSecret, RefreshToken: f.seed("seed-canary-c20ad4d76fe97759"),
		TokenURL: f.url(), Clock: b.clock, Logger: b.journal.log,
		Store: StoreConfig{Path: filepath.Join(t.TempDir(), "store")},
	}
	return b
}

// source is a new source, as another process would have it.
func (b *bench) source(t *testing.T) Source {
	t.Helper()
	s, err := newSource(b.cfg, b.env)
	if err != nil {
		t.Fatalf("new source: %v", err)
	}
	return s
}

func (b *bench) mustToken(t *testing.T, s Source) Token {
	t.Helper()
	token, err := s.Token(t.Context())
	if err != nil {
		t.Fatalf("token: %v\n%s", err, b.journal.text())
	}
	return token
}

// file is the path of one of the lineage's files.
func (b *bench) file(suffix string) string {
	return filepath.Join(b.cfg.Store.Path, storeKey(b.cfg.TokenURL, testClientID, DefaultProfile)+suffix)
}

func (b *bench) stored(t *testing.T) *record {
	t.Helper()
	data, err := os.ReadFile(b.file(recordSuffix))
	if err != nil {
		t.Fatalf("read store: %v", err)
	}
	rec, err := parseRecord(data)
	if err != nil {
		t.Fatalf("parse store: %v", err)
	}
	return rec
}

// noSecrets fails when a text shows any secret of the endpoint.
func (b *bench) noSecrets(t *testing.T, what, text string) {
	t.Helper()
	for _, secret := range b.endpoint.secrets() {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows a secret: %s", what, text)
		}
	}
}

// expectExchanges fails unless there were so many exchanges and not one reuse
// of a refresh token.
func (b *bench) expectExchanges(t *testing.T, want int) {
	t.Helper()
	got, reuses, _ := b.endpoint.counts()
	if got != want || reuses != 0 {
		t.Errorf("%d exchanges and %d reuses; want %d and none", got, reuses, want)
	}
}

// newTLSServer is a server whose certificate nobody trusts.
func newTLSServer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}
