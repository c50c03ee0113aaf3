package main

import (
	"strings"
	"testing"
	"time"
)

func TestProfiles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if r := b.must("profiles"); r.out != "" || !strings.Contains(r.notices, "no login yet") {
		t.Errorf("without a login:\n%s%s", r.out, r.notices)
	}
	b.must("login", "--profile", "work", "--store-client-secret")
	b.must("login", "--profile", "private")
	// A refresh token in the environment begins a login, too.
	b.vars["APPYPIE_REFRESH_TOKEN"], b.vars["APPYPIE_PROFILE"] = b.env.Sim.Login(), "ci"
	b.must("token")
	delete(b.vars, "APPYPIE_REFRESH_TOKEN")
	delete(b.vars, "APPYPIE_PROFILE")

	r := b.must("profiles")
	b.silent(r)
	for _, want := range []string{"\nci ", "\nprivate ", "\nwork ", "ok", b.env.Sim.ClientID()} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it lacks %q:\n%s", want, r.out)
		}
	}
	b.forgetClient()
	b.env.Sim.ExpireAccessTokens()
	b.clock.ahead(24 * time.Hour)
	states := map[string]string{}
	for _, status := range jsonOf[[]statusJSON](b, "profiles") {
		states[status.Profile] = status.Health
	}
	if len(states) != 3 || states["work"] != "refresh due" || states["private"] == "ok" {
		t.Errorf("a day later: %v", states)
	}
	for _, args := range [][]string{{"status", "--profile", ""}, {"accounts", "connect", "--profile", "w"}, {"scaffold", "--profile", ""}} {
		if got := b.runOn(b.machine(), append([]string{"__complete"}, args...)...).out; !strings.Contains(got, "work\n") {
			t.Errorf("%v completes\n%s", args, got)
		}
	}
}

func TestProfilesOfACommand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_TOKEN_STORE_TYPE"], b.vars["APPYPIE_TOKEN_STORE_GET_COMMAND"], b.vars["APPYPIE_TOKEN_STORE_PUT_COMMAND"] = "command", "true", "true"
	b.fails(b.run("profiles"), exitFailure, "cannot be listed")
}

func TestProfilesThatAreMisspelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	for _, args := range [][]string{{"token"}, {"apps"}, {"status"}, {"connects"}} {
		r := b.run(append(args, "--profile", "worl")...)
		b.fails(r, exitFailure, "did you mean \"work\"?")
	}
	if r := b.must("logout", "--profile", "worl"); !strings.Contains(r.out, "did you mean \"work\"?") {
		t.Errorf("printed %s", r.out)
	}
	if r := b.run("token", "--profile", "other"); r.err == nil || strings.Contains(explain(r.err), "did you mean") {
		t.Errorf("%v is like no profile", r.err)
	}
}

func TestMinLifeBeyondAll(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.run("token", "--profile", "work", "--min-life", "3h")
	b.fails(r, exitFailure, "less than --min-life 3h\nSet --min-life to less")
	b.fails(r, exitFailure, "tokens last 59m59s")
	if r.out != "" {
		t.Errorf("printed %q", r.out)
	}
	for d, want := range map[time.Duration]string{3 * time.Hour: "3h", 90 * time.Minute: "1h30m", time.Minute: "1m", 10 * time.Second: "10s", 0: "0s", 70 * time.Minute: "1h10m"} {
		if got := short(d); got != want {
			t.Errorf("%v is shown as %s, want %s", d, got, want)
		}
	}
}
