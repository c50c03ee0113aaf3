package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestLoginProvesTheCodeIsItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var shown page
	b.browse = func(link string) { shown = b.press(link, "allow") }
	r := b.must("login")
	b.browsers.Wait()
	b.silent(r)
	if !strings.Contains(r.notices, "\nNext: `appypie scaffold TRIGGER-APP ACTION-APP`") {
		t.Errorf("the notices name no next step:\n%s", r.notices)
	}

	asked := b.of("authorize")[0].Query
	if asked.Get("scope") != "*" || asked.Get("response_type") != "code" || len(asked.Get("state")) < 26 {
		t.Errorf("authorization request %v", asked)
	}
	if !strings.HasPrefix(asked.Get("redirect_uri"), "http://127.0.0.1:") || !strings.HasSuffix(asked.Get("redirect_uri"), callbackPath) {
		t.Errorf("redirect_uri %q", asked.Get("redirect_uri"))
	}
	var sent map[string]string
	if err := json.Unmarshal(b.of("create_token")[0].RequestBody, &sent); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(sent["code_verifier"]))
	if asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || len(sent["code_verifier"]) < 43 {
		t.Errorf("challenge %v, verifier of %d characters", asked, len(sent["code_verifier"]))
	}
	if shown.status != http.StatusOK || !strings.Contains(shown.text, "close this window") {
		t.Errorf("the browser shows %d: %s", shown.status, shown.text)
	}
	if referrer := shown.header.Get("Referrer-Policy"); referrer != "no-referrer" || shown.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page with the code in its address has the headers %v", shown.header)
	}
}

func TestLoginNamesWhatTheStoreNeeds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_TOKEN_STORE_KEY"] = "0123456789abcdef"
	r := b.must("login")
	if !strings.Contains(r.out, "the same APPYPIE_TOKEN_STORE_KEY") || strings.Contains(r.all(), "0123456789abcdef") {
		t.Errorf("printed:\n%s", r.all())
	}
}

// The point of it all: Terraform needs nothing but the profile.
func TestLoginLetsTheProviderWorkWithTheProfileAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.login("work")
	for _, line := range []string{`profile = "work"`, "api_url = ", "token_store = { path = ", "export APPYPIE_PROFILE=work"} {
		if !strings.Contains(r.out, line) {
			t.Errorf("not printed: %s\n%s", line, r.out)
		}
	}
	settings := map[string]any{
		"profile": "work", "api_url": b.vars["APPYPIE_API_URL"], "token_store": map[string]any{"path": b.store},
	}
	readProfile(t, b, settings)
	b.env.Sim.ExpireAccessTokens()
	readProfile(t, b, settings)
	if stats := b.env.Sim.TokenStats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("tokens: %+v", stats)
	}
}

// readProfile is a provider process that reads something.
func readProfile(t *testing.T, b *bench, settings map[string]any) {
	t.Helper()
	server, err := b.env.Factories()["appypie"]()
	if err != nil {
		t.Fatal(err)
	}
	d := acctest.NewDriver(t, server)
	if diags := d.Configure(t.Context(), settings); diags.HasError() {
		t.Fatalf("configure:\n%s", diags)
	}
	attributes, diags := d.ReadData(t.Context(), "appypie_profile", nil)
	if diags.HasError() || attributes["email"] == nil {
		t.Fatalf("profile %v:\n%s", attributes, diags)
	}
}

// Whose login a profile has is known; its secret is asked for again.
func TestLoginAgainKnowsTheClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_CLIENT_AUTH"] = "header"
	b.login("work")
	delete(b.vars, "APPYPIE_CLIENT_AUTH")
	b.fails(b.run("login", "--profile", "work"), exitUsage, "the client secret is missing")
	b.fails(b.run("login", "--profile", "other"), exitUsage, "profile \"other\" has no login that knows it\nGive --client-id, or set APPYPIE_CLIENT_ID.")

	b.vars["APPYPIE_CLIENT_SECRET"] = b.env.Sim.ClientSecret()
	if r := b.must("login", "--profile", "work"); !strings.Contains(r.out, "earlier login of this profile is replaced") {
		t.Errorf("printed:\n%s", r.out)
	}
	exchanges := b.of("create_token")
	if again := exchanges[len(exchanges)-1]; len(exchanges) != 2 || again.RequestHeader.Get("Authorization") == "" {
		t.Errorf("%d exchanges, the last without the header that the client sends", len(exchanges))
	}
	b.forgetClient()
	b.must("status", "--profile", "work")

	// The client of one service is nothing to another.
	b.fails(b.run("login", "--profile", "work", "--token-url", "https://other.example.com/token"), exitUsage, "the client id is missing")
	b.must("logout", "--profile", "work")
	b.fails(b.run("login", "--profile", "work"), exitUsage, "the client id is missing")
}

func TestLoginWithoutStoredSecretSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if r := b.must("login"); !strings.Contains(r.out, "\nAPPYPIE_CLIENT_ID="+b.env.Sim.ClientID()+" and APPYPIE_CLIENT_SECRET.") {
		t.Errorf("printed:\n%s", r.out)
	}
	b.env.Sim.ExpireAccessTokens()
	// What it says is enough, and nothing less is.
	settings := map[string]string{"APPYPIE_CLIENT_ID": b.vars["APPYPIE_CLIENT_ID"], "APPYPIE_CLIENT_SECRET": b.vars["APPYPIE_CLIENT_SECRET"]}
	b.forgetClient()
	b.clock.ahead(30 * time.Minute)
	b.fails(b.run("token", "--min-life", "45m"), exitFailure, `set client_id to "`+b.env.Sim.ClientID()+`" and client_secret`)
	maps.Copy(b.vars, settings)
	b.must("token", "--min-life", "45m")
	files, err := filepath.Glob(filepath.Join(b.store, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), b.env.Sim.ClientSecret()) {
			t.Errorf("%s holds the client secret, %v", file, err)
		}
	}
}

func TestSecondLoginReplacesTheLineage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.must("login", "--profile", "work", "--store-client-secret")
	first := b.must("token", "--raw", "--profile", "work").out
	r := b.must("login", "--profile", "work", "--store-client-secret")
	second := b.must("token", "--raw", "--profile", "work").out
	if first == second || !strings.Contains(r.out, "replaced") {
		t.Errorf("the token stays, or it is not told:\n%s", r.out)
	}
	if stats := b.env.Sim.TokenStats(); stats.Families != 3 || stats.Reuses != 0 { // one is the environment's own
		t.Errorf("tokens: %+v", stats)
	}
}

func TestLoginTakesTheSecretFrom(t *testing.T) {
	t.Parallel()
	file := func(t *testing.T, text string) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "secret.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := map[string]func(t *testing.T, b *bench) []string{
		"the environment": func(*testing.T, *bench) []string { return nil },
		"a file": func(t *testing.T, b *bench) []string {
			t.Helper()
			b.vars["APPYPIE_CLIENT_SECRET"] = "of another client"
			return []string{"--client-secret-file", file(t, b.env.Sim.ClientSecret()+"\n")}
		},
		"the person": func(_ *testing.T, b *bench) []string {
			b.secret = b.env.Sim.ClientSecret()
			delete(b.vars, "APPYPIE_CLIENT_SECRET")
			return nil
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.silent(b.must(append([]string{"login"}, prepare(t, b)...)...))
		})
	}
	t.Run("an empty file", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.fails(b.run("login", "--client-secret-file", file(t, "\n")), exitFailure, "holds no client secret")
	})
}

// A command line can be read by every user of the machine.
func TestNoFlagTakesASecret(t *testing.T) {
	t.Parallel()
	cmd := newLoginCommand(machine{})
	for _, name := range []string{"client-secret", "refresh-token", "access-token", "code"} {
		if cmd.Flags().Lookup(name) != nil {
			t.Errorf("login has the flag --%s", name)
		}
	}
}

func TestLoginEndsWith(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		browse func(b *bench, link string)
		args   []string
		want   string
	}{
		"a refusal of the person": {browse: func(b *bench, link string) { b.press(link, "deny") }, want: "access was denied"},
		"another refusal": {
			browse: func(b *bench, link string) {
				b.visit(http.MethodGet, callbackOf(b.t, link, "error", "invalid_scope", "error_description", "no \x1b[2J such scope"), "")
			},
			want: `"invalid_scope": "no [2J such scope"`,
		},
		"no code": {
			browse: func(b *bench, link string) { b.visit(http.MethodGet, callbackOf(b.t, link), "") },
			want:   "without a code",
		},
		"a code that nobody issued": {
			browse: func(b *bench, link string) { b.visit(http.MethodGet, callbackOf(b.t, link, "code", "code_forged"), "") },
			want:   "appypie login --profile default",
		},
		"nobody at the browser": {
			browse: func(*bench, string) {}, args: []string{"--timeout", "20ms"},
			want: "no answer came back from the browser within 20ms",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.browse = func(link string) { test.browse(b, link) }
			b.fails(b.run(append([]string{"login"}, test.args...)...), exitFailure, test.want)
			b.fails(b.run("status"), exitFailure, "appypie login --profile default")
		})
	}
}

// Nobody should go through the browser for a login that cannot be kept.
func TestLoginLooksAtTheStoreFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.must("login")
	spoil(t, b.store)
	b.browse = func(string) { t.Error("a browser was opened") }
	b.fails(b.run("login"), exitFailure, "Move the file away")
}

// A refresh token that is out of date is no reason to refuse a login.
func TestLoginAfterASupersededSeed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old := b.env.Sim.Login()
	for _, seed := range []string{old, b.env.Sim.Login()} {
		b.vars["APPYPIE_REFRESH_TOKEN"] = seed
		b.must("token")
		if seed == old {
			b.must("logout")
		}
	}
	b.vars["APPYPIE_REFRESH_TOKEN"] = old
	b.fails(b.run("token"), exitFailure, "belongs to an earlier login")
	b.must("login")
	b.must("token")
}

// The seed of another account must not take the profile.
func TestAnotherSeedNamesTheWaysOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_REFRESH_TOKEN"] = b.env.Sim.Login()
	first := b.must("token").out
	own := b.vars["APPYPIE_REFRESH_TOKEN"]
	b.vars["APPYPIE_REFRESH_TOKEN"] = b.env.Sim.Login()
	b.fails(b.run("token"), exitFailure, "AP1023")
	b.fails(b.run("status"), exitFailure, "appypie logout --profile default")
	b.must("token", "--profile", "other")
	b.vars["APPYPIE_REFRESH_TOKEN"] = own
	if b.must("token").out != first {
		t.Error("the first login has another token")
	}
	b.must("logout")
	b.vars["APPYPIE_REFRESH_TOKEN"] = b.env.Sim.Login()
	b.must("token")
}

func TestLoginObeysInterrupts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.browse = func(string) { cancel() }
	r := b.runWith(ctx, strings.NewReader(""), &bytes.Buffer{}, "login")
	b.fails(r, exitFailure, "interrupted")
}

func TestLoginShowsTheLinkWhenNothingOpensIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.machine()
	opener := m.openBrowser
	m.openBrowser = func(ctx context.Context, link string) error {
		return errors.Join(errors.New("xdg-open is not installed"), opener(ctx, link))
	}
	var notices bytes.Buffer
	root := newRootCommandOn(m)
	root.SetArgs([]string{"login"})
	root.SetOut(&bytes.Buffer{})
	root.SetErr(&notices)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(notices.String(), "xdg-open is not installed") || !strings.Contains(notices.String(), b.env.URL+authorizePath+"?") {
		t.Errorf("notices:\n%s", notices.String())
	}
}
