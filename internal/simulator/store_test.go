package simulator_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

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
