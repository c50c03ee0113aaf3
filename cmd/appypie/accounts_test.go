package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// app returns the id of an app in the simulated catalog.
func (b *bench) app(name string) (id, slug string) {
	b.t.Helper()
	for _, app := range b.env.Sim.Catalog().Apps() {
		if app.Name == name {
			return app.ID, app.SeoLink
		}
	}
	b.t.Fatalf("no app %q", name)
	return "", ""
}

func TestAccountsConnect(t *testing.T) {
	t.Parallel()
	for name, choose := range map[string]func(id, slug string) string{
		"by id":   func(id, _ string) string { return id },
		"by slug": func(_, slug string) string { return slug },
		"by name": func(_, _ string) string { return "google sheets" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.login("work")
			id, slug := b.app("Google Sheets")
			before := len(b.env.Sim.Accounts())
			var shown page
			b.browse = func(link string) { shown = b.press(link, "allow") }
			r := b.must("accounts", "connect", choose(id, slug), "--profile", "work")
			b.browsers.Wait()
			b.silent(r)
			accounts := b.env.Sim.Accounts()
			if len(accounts) != before+1 || accounts[before].AppID != id {
				t.Fatalf("accounts %d, before %d", len(accounts), before)
			}
			if want := `account_id = "` + accounts[before].ID + `"`; !strings.Contains(r.out, want) {
				t.Errorf("not printed: %s\n%s", want, r.out)
			}
			if shown.status != http.StatusOK || !strings.Contains(shown.text, "close this window") {
				t.Errorf("the browser shows %d: %s", shown.status, shown.text)
			}
		})
	}
}

func TestAccountsConnectForPrograms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.must("accounts", "connect", "slack", "--profile", "work", "--json")
	b.silent(r)
	var view accountJSON
	if err := json.Unmarshal([]byte(r.out), &view); err != nil {
		t.Fatal(err)
	}
	accounts := b.env.Sim.Accounts()
	made := accounts[len(accounts)-1]
	if want := (accountJSON{ID: made.ID, Name: made.Name, Status: made.Status, AppID: made.AppID, AppName: "Slack"}); view != want {
		t.Errorf("account %+v, want %+v", view, want)
	}
	r = b.run("accounts", "connect", "Webhooks", "--profile", "work", "--json")
	b.fails(r, exitFailure, "Leave account_id out")
	if r.out != "" {
		t.Errorf("printed %q", r.out)
	}
}

func TestAccountsConnectByPasting(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.paste(b.elsewhere, "accounts", "connect", "slack", "--profile", "work")
	if r.err != nil || !strings.Contains(r.out, "account_id = ") {
		t.Fatalf("%v\n%s%s", r.err, r.notices, r.out)
	}
	b.silent(r)
}

func TestAccountsConnectNeedsNoAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	r := b.must("accounts", "connect", "Schedule by Connect", "--profile", "work")
	if !strings.Contains(r.out, "needs no connected account") || len(b.of("connect_account")) != 0 {
		t.Errorf("printed %q after %d requests for a link", r.out, len(b.of("connect_account")))
	}
}

func TestAccountsConnectEndsWith(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		browse func(b *bench, link string)
		args   []string
		code   int
		want   string
	}{
		"a refusal of the person": {
			browse: func(b *bench, link string) { b.press(link, "deny") },
			args:   []string{"slack"}, code: exitFailure, want: "access was denied",
		},
		"nobody at the browser": {
			browse: func(*bench, string) {},
			args:   []string{"slack", "--timeout", "20ms"}, code: exitFailure, want: "within 20ms",
		},
		"a near miss":      {args: []string{"google"}, code: exitFailure, want: "did you mean"},
		"no such app":      {args: []string{"qqqq"}, code: exitFailure, want: "appypie apps lists all apps"},
		"an empty name":    {args: []string{""}, code: exitFailure, want: "appypie apps lists all apps"},
		"no app":           {code: exitUsage, want: "wrong number of arguments for: appypie accounts connect APP"},
		"no time":          {args: []string{"slack", "--timeout", "0s"}, code: exitUsage, want: "--timeout"},
		"an unknown login": {args: []string{"slack", "--profile", "other"}, code: exitFailure, want: "appypie login --profile other"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.login("work")
			b.vars["APPYPIE_PROFILE"] = "work"
			if test.browse != nil {
				b.browse = func(link string) { test.browse(b, link) }
			}
			before := len(b.env.Sim.Accounts())
			b.fails(b.run(append([]string{"accounts", "connect"}, test.args...)...), test.code, test.want)
			if after := len(b.env.Sim.Accounts()); after != before {
				t.Errorf("%d accounts, before %d", after, before)
			}
		})
	}
}

// The path of the callback is the secret of the attempt.
func TestAccountsConnectOutlastsStrangers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login("work")
	b.browse = func(link string) {
		back := string(b.of("connect_account")[0].RequestBody)
		root := back[strings.Index(back, "http://") : strings.Index(back, callbackPath)+len(callbackPath)]
		for _, guess := range []string{root + "?t=forged", root + "/guess?t=forged"} {
			if got := b.visit(http.MethodGet, guess, ""); got.status != http.StatusNotFound {
				t.Errorf("%s answered %d", guess, got.status)
			}
		}
		b.press(link, "allow")
	}
	b.must("accounts", "connect", "slack", "--profile", "work")
}

// A service that hands out anything but a web page must not reach the opener,
// which would run it.
func TestLinksAreChecked(t *testing.T) {
	t.Parallel()
	for link, good := range map[string]bool{
		"https://connect.example.com/a?b=c": true, "http://127.0.0.1:1/x": true, "http://[::1]:1/x": true,
		"http://connect.example.com/a": false, "file:///etc/passwd": false, "calc.exe": false, "--help": false,
		"https://user:pass@connect.example.com/": false, "javascript:alert(1)": false, "": false,
	} {
		if err := checkLink(link); (err == nil) != good {
			t.Errorf("%q: %v", link, err)
		}
	}
}
