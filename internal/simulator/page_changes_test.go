package simulator_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// watch opens the stream of changes. The function it returns waits for the next
// event.
func (b *bench) watch(ctx context.Context) (next func() error, header http.Header) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.sim.URL+"/_page/changes", http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewReader(res.Body)
	return func() error {
		for {
			line, err := lines.ReadString('\n')
			if err != nil || line == "data: changed\n" {
				return err
			}
		}
	}, res.Header
}

func TestPageFollowsChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	next, header := b.watch(t.Context())
	if got := header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type %q", got)
	}
	if err := next(); err != nil {
		t.Fatalf("the first event, which comes at once: %v", err)
	}
	// Events are as many as the watcher can take; the page must be right after
	// one of them, and the stream's own timeout ends a wait that is in vain.
	until := func(what, part string) {
		t.Helper()
		for !strings.Contains(b.overview(""), part) {
			if err := next(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	events := make(chan error, 1)
	c := b.complete("followed")
	until("created", `id="c-`+c.ID)
	for what, change := range map[string]func(){
		"switch by hand": func() {
			_ = b.sim.Edit(c.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })
		},
		"test over the API": func() { b.api(http.MethodPost, "/connect/test/"+c.ID, nil) },
		"refused request":   func() { b.api(http.MethodGet, "/nonsense", nil) },
		"journal reset":     func() { b.sim.ResetJournal() },
		"armed fault":       func() { b.sim.AddFault(simulator.Fault{Kind: simulator.FaultDelay}) },
		"no more faults":    func() { b.sim.ClearFaults() },
		"expired account":   func() { b.sim.SetAccountStatus(b.sim.Accounts()[0].ID, simulator.AccountExpired) },
	} {
		quiet, _ := b.watch(t.Context())
		if err := quiet(); err != nil {
			t.Fatal(err)
		}
		go func() { events <- quiet() }()
		change()
		if err := <-events; err != nil {
			t.Errorf("%s rings no bell: %v", what, err)
		}
	}
	until("turned on", `class="state on"`)
}

func TestCloseEndsWatching(t *testing.T) {
	t.Parallel()
	sim, err := simulator.Start(t.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sim: sim, http: &http.Client{Timeout: bounded, Transport: &http.Transport{}}}
	next, _ := b.watch(t.Context())
	if err := next(); err != nil {
		t.Fatal(err)
	}
	closeQuietly(t, sim)
	if err := next(); err == nil {
		t.Error("the stream outlives the server")
	}
}
