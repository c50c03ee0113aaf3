package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStatusOfALogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.must("status", "--profile", "work")
	for _, want := range []string{"work", "login store", b.store, "ok", "Last refresh", b.env.Sim.ClientID(), b.env.URL + "/v1/oauth2/token", "(in 59m", "known"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("not printed: %s\n%s", want, r.out)
		}
	}
	b.silent(r)

	r = b.must("status", "--profile", "work", "--json")
	b.silent(r)
	var view statusJSON
	if err := json.Unmarshal([]byte(r.out), &view); err != nil {
		t.Fatal(err)
	}
	if view.Profile != "work" || view.Health != "ok" || view.Generation != 1 || view.ExpiresAt == nil || view.AgeSeconds == nil ||
		*view.Origin != "login" || *view.ClientID != b.env.Sim.ClientID() || *view.TokenURL != b.env.URL+"/v1/oauth2/token" || !view.ClientSecretKnown || view.Problem != nil {
		t.Errorf("status %+v", view)
	}
	if requests := len(b.env.Sim.Journal()); requests != 2 { // the login's own: page and token
		t.Errorf("%d requests", requests)
	}
}

func TestStatusTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(t *testing.T, b *bench)
		code    int
		out     string
		want    string
	}{
		"no login": {
			prepare: func(t *testing.T, b *bench) { t.Helper(); b.forgetClient() },
			code:    exitFailure, out: "login required", want: "appypie login --profile default",
		},
		"a damaged store": {
			prepare: func(t *testing.T, b *bench) {
				t.Helper()
				b.login("default")
				spoil(t, b.store)
			},
			code: exitFailure, out: "problem", want: "Move the file away",
		},
		"an access token that has ended": {
			prepare: func(t *testing.T, b *bench) {
				t.Helper()
				b.vars["APPYPIE_ACCESS_TOKEN"] = b.env.Sim.IssueAccessToken()
				b.vars["APPYPIE_ACCESS_TOKEN_EXPIRES_AT"] = time.Now().Add(-time.Hour).Format(time.RFC3339)
			},
			code: exitFailure, out: "expired", want: "expired at",
		},
		"half a client": {
			prepare: func(t *testing.T, b *bench) { t.Helper(); delete(b.vars, "APPYPIE_CLIENT_ID") },
			code:    exitFailure, want: "client_id",
		},
		"a variable that cannot be read": {
			prepare: func(t *testing.T, b *bench) { t.Helper(); b.vars["APPYPIE_TOKEN_COMMAND"] = "[" },
			code:    exitFailure, want: "APPYPIE_TOKEN_COMMAND",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			test.prepare(t, b)
			for _, form := range [][]string{{"status"}, {"status", "--json"}} {
				r := b.run(form...)
				b.fails(r, test.code, test.want)
				if !strings.Contains(r.out, test.out) {
					t.Errorf("printed:\n%s", r.out)
				}
			}
		})
	}
}

// spoil damages the stored lineage and leaves the profile.
func spoil(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasPrefix(filepath.Base(file), "profile-") {
			if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestLogoutForgetsTheLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	for i, want := range []string{"Logged out of profile \"work\"", "There was no login for profile \"work\""} {
		r := b.must("logout", "--profile", "work")
		if !strings.Contains(r.out, want) {
			t.Errorf("logout %d printed %q", i, r.out)
		}
		b.silent(r)
	}
	b.fails(b.run("token", "--profile", "work"), exitFailure, "appypie login --profile work")
	files, err := filepath.Glob(filepath.Join(b.store, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range b.env.Sim.IssuedSecrets() {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s still holds the secret %.6s…", filepath.Base(file), secret)
			}
		}
	}
}
