package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// status must be safe to run anywhere, at any time.
func TestStatusRunsNoCommand(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ran := filepath.Join(t.TempDir(), "ran")
	for name, variables := range map[string][]string{
		"token_command": {"APPYPIE_TOKEN_COMMAND"},
		"a store":       {"APPYPIE_TOKEN_STORE_GET_COMMAND", "APPYPIE_TOKEN_STORE_PUT_COMMAND"},
	} {
		b := newBench(t)
		if len(variables) > 1 {
			b.vars["APPYPIE_TOKEN_STORE_TYPE"] = "command"
		}
		for _, variable := range variables {
			b.vars[variable] = self + " " + touchCommand + " " + ran
		}
		for _, form := range [][]string{{"status"}, {"status", "--json"}} {
			r := b.run(form...)
			if _, err := os.Stat(ran); err == nil {
				t.Fatalf("%s: status ran a command", name)
			}
			if !strings.Contains(r.out, "unknown") || r.err != nil {
				t.Errorf("%s: %v\n%s", name, r.err, r.out)
			}
		}
	}
}

// A token never lasts longer than tokens do, however often it is renewed.
func TestMinLifeBeyondTheLifeOfTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	for range 3 {
		r := b.run("token", "--profile", "work", "--min-life", "3h")
		b.fails(r, exitFailure, "less than --min-life 3h")
		if r.out != "" {
			t.Errorf("printed %q", r.out)
		}
	}
	if stats := b.env.Sim.TokenStats(); stats.Refreshes != 0 {
		t.Errorf("tokens were spent for nothing: %+v", stats)
	}
}

// The browser goes to the address that the client has, and nothing else listens.
func TestLoginComesBackToIPv6(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.must("login", "--redirect-url", "http://[::1]:"+port+"/back", "--timeout", "10s")
}

func TestMalformedProxyIsNamed(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"token", "login", "doctor"} {
		b := newBench(t)
		b.vars["HTTPS_PROXY"] = "http://user:canary@:::"
		r := b.run(command)
		b.fails(r, exitFailure, "HTTPS_PROXY is not a usable proxy")
		if strings.Contains(r.all(), "canary") {
			t.Errorf("the password of the proxy is printed:\n%s", r.all())
		}
	}
}

// The real environment, in a process of its own.
func TestMalformedProxyOfTheMachine(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, childCommand, "HTTPS_PROXY=:::", "APPYPIE_CLIENT_ID=c", "APPYPIE_CLIENT_SECRET=s", "APPYPIE_REFRESH_TOKEN=r",
		"APPYPIE_TOKEN_STORE_PATH="+filepath.Join(t.TempDir(), "store"), "APPYPIE_TOKEN_URL=https://token.invalid/", "--", "token")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "HTTPS_PROXY is not a usable proxy") {
		t.Errorf("%v\n%s", err, out)
	}
}

// What the page says in the redirect may quote what it was sent.
func TestRefusalOfThePageShowsNoSecret(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var state string
	b.browse = func(link string) {
		back := callbackOf(t, link)
		_, state, _ = strings.Cut(back, "state=")
		b.visit(http.MethodGet, callbackOf(t, link, "error", "invalid_scope", "error_description", strings.Repeat("x ", 95)+state), "")
	}
	r := b.run("login")
	b.fails(r, exitFailure, "invalid_scope")
	for i := 0; i+8 <= len(state); i++ {
		if r.err != nil && strings.Contains(r.err.Error(), state[i:i+8]) {
			t.Fatalf("a part of the state is printed: %v", r.err)
		}
	}
}

// An address with credentials in it must not be quoted.
func TestUnusableAddressesAreNotQuoted(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"login", "--token-url", "http://user:canary@host.example/t"},
		{"login", "--token-url", "http://canary.example/t"},
		{"login", "--authorize-url", "canary/page"},
		{"login", "--authorize-url", "http://host.example/page?key=canary"},
	} {
		b := newBench(t)
		r := b.run(args...)
		b.fails(r, exitUsage, "cannot be used")
		if strings.Contains(r.all(), "canary") {
			t.Errorf("%s: %s", args[1], r.all())
		}
	}
}

// A token that someone else gets must last until they need it. It is renewed
// once, and the renewed one is stored.
func TestMinLifeRenews(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	args := []string{"token", "--profile", "work", "--min-life", "50m"}
	first := b.must(args...).out
	if again := b.must(args...).out; again != first {
		t.Error("a token that lasts was renewed")
	}
	b.clock.ahead(30 * time.Minute)
	second := b.must(args...).out
	if stats := b.env.Sim.TokenStats(); first == second || stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("the token stays, or tokens: %+v", stats)
	}
	if third := b.must("token", "--profile", "work"); third.out != second {
		t.Error("the renewed token is not the one that is stored")
	}
}
