package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTokenPrintsNothingButTheToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.must("token", "--profile", "work")
	var printed struct {
		AccessToken string `json:"access_token"`
		ExpiresAt   int64  `json:"expires_at"`
	}
	if err := json.Unmarshal([]byte(r.out), &printed); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(time.Unix(printed.ExpiresAt, 0)); left < 58*time.Minute || left > time.Hour {
		t.Errorf("the token ends in %s", left)
	}
	raw := b.must("token", "--profile", "work", "--raw")
	if raw.out != printed.AccessToken+"\n" || !slices.Contains(b.env.Sim.IssuedSecrets(), printed.AccessToken) {
		t.Error("the two forms differ, or the token is none of the service's")
	}
	// It prints one secret and no other.
	for _, r := range []result{r, raw} {
		r.out = strings.ReplaceAll(r.out, printed.AccessToken, "")
		b.silent(r)
	}
}

// A token_command that is `appypie token` must not run itself, and a token in
// the environment is not the login's.
func TestTokenComesFromTheLoginAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	want := b.must("token", "--profile", "work").out
	b.vars["APPYPIE_TOKEN_COMMAND"] = "appypie token --profile work"
	b.vars["APPYPIE_ACCESS_TOKEN"] = "of someone else"
	if got := b.must("token", "--profile", "work").out; got != want {
		t.Error("another token is printed")
	}
}

func TestTokenSpendsASeedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_REFRESH_TOKEN"] = b.env.Sim.Login()
	if first, second := b.must("token"), b.must("token"); first.out != second.out {
		t.Error("the second run has another token")
	}
	if stats := b.env.Sim.TokenStats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("tokens: %+v", stats)
	}
}

func TestTokenWithoutALogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.run("token")
	b.fails(r, exitFailure, "appypie login --profile default")
	if r.out != "" {
		t.Errorf("printed %q", r.out)
	}
}

// The provider runs the command as a process of its own.
func TestTokenFeedsTokenCommand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{
		"api_url": b.vars["APPYPIE_API_URL"],
		"token_command": []any{
			self, childCommand, "APPYPIE_TOKEN_STORE_PATH=" + b.store, "GORACE=atexit_sleep_ms=0", "--", "token", "--profile", "work",
		},
	}
	readProfile(t, b, settings)
	b.env.Sim.ResetJournal()
	readProfile(t, b, settings)
	for _, entry := range b.env.Sim.Journal() {
		if entry.Operation == "create_token" {
			t.Error("the lineage was spent although its token was valid")
		}
	}
}
