package simulator_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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
