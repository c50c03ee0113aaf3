package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// linkIn finds the link that a person is asked to open.
var linkIn = regexp.MustCompile(`(?m)^  (http\S+)$`)

// typist sees what the command prints and types in answer to the link.
type typist struct {
	seen  bytes.Buffer
	typed *io.PipeWriter
	// answer turns the link into what is typed; empty closes the input.
	answer func(link string) string
	done   bool
}

func (p *typist) Write(text []byte) (int, error) {
	n, err := p.seen.Write(text)
	if found := linkIn.FindSubmatch(p.seen.Bytes()); found != nil && !p.done {
		p.done = true
		go func(link string) {
			if line := p.answer(link); line != "" {
				_, _ = io.WriteString(p.typed, line+"\n")
			}
			_ = p.typed.Close()
		}(string(found[1]))
	}
	return n, err
}

// paste runs a command with --no-browser and types what answer says.
func (b *bench) paste(answer func(link string) string, args ...string) result {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), bounded)
	defer cancel()
	in, typed := io.Pipe()
	defer func() { _ = in.Close() }()
	person := &typist{typed: typed, answer: answer}
	var out bytes.Buffer
	root := newRootCommandOn(b.machine())
	root.SetArgs(append(args, "--no-browser"))
	root.SetIn(in)
	root.SetOut(&out)
	root.SetErr(person)
	err := root.ExecuteContext(ctx)
	return result{out.String(), person.seen.String(), err}
}

// elsewhere allows access with a browser that cannot reach the callback, and
// returns the address that it ends at.
func (b *bench) elsewhere(link string) string {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	b.visit(http.MethodGet, link, "")
	target, form := b.decision(link, "allow")
	req, err := http.NewRequestWithContext(context.WithoutCancel(b.t.Context()), http.MethodPost, target, strings.NewReader(form))
	if err != nil {
		b.t.Errorf("request: %v", err)
		return ""
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		b.t.Errorf("press: %v", err)
		return ""
	}
	_ = res.Body.Close()
	return res.Header.Get("Location")
}

func TestLoginByPasting(t *testing.T) {
	t.Parallel()
	for name, quote := range map[string]string{"as it is": "", "in quotation marks": `"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			r := b.paste(func(link string) string { return quote + b.elsewhere(link) + quote }, "login", "--profile", "far")
			if r.err != nil || !strings.Contains(r.out, `profile "far"`) {
				t.Fatalf("%v\n%s%s", r.err, r.notices, r.out)
			}
			b.silent(r)
			b.must("token", "--profile", "far")
		})
	}
}

// A client may allow one address only, which need not be on this machine.
func TestLoginWithTheAddressOfTheClient(t *testing.T) {
	t.Parallel()
	t.Run("elsewhere", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		r := b.paste(b.elsewhere, "login", "--redirect-url", "https://team.example.com/connect/back")
		if r.err != nil {
			t.Fatalf("%v\n%s", r.err, r.notices)
		}
		if asked := b.of("authorize")[0].Query.Get("redirect_uri"); asked != "https://team.example.com/connect/back" {
			t.Errorf("redirect_uri %q", asked)
		}
	})
	t.Run("on this machine", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		address := "http://localhost:" + freePort(t) + "/back"
		b.must("login", "--redirect-url", address)
		if asked := b.of("authorize")[0].Query.Get("redirect_uri"); asked != address {
			t.Errorf("redirect_uri %q", asked)
		}
	})
}

// freePort is a port that nothing listened on a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err = errors.Join(err, listener.Close()); err != nil {
		t.Fatal(err)
	}
	return port
}

// A browser on the same machine comes back by itself, and nothing is pasted.
func TestLoginWithoutPasting(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in, typed := io.Pipe()
	defer func() { _ = typed.Close() }()
	person := &typist{typed: typed}
	_, theirs := io.Pipe()
	person.typed = theirs
	person.answer = func(link string) string { b.press(link, "allow"); return "" }
	root := newRootCommandOn(b.machine())
	root.SetArgs([]string{"login", "--no-browser"})
	root.SetIn(in)
	root.SetOut(&bytes.Buffer{})
	root.SetErr(person)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestLoginRefusesWhatIsPasted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer func(b *bench, link string) string
		want   string
	}{
		"nothing":           {func(*bench, string) string { return "" }, "no address was pasted"},
		"the link itself":   {func(_ *bench, link string) string { return link }, "which begins with http://127.0.0.1:"},
		"no address at all": {func(*bench, string) string { return "yes" }, "which begins with http://127.0.0.1:"},
		"the state of another login": {
			func(b *bench, link string) string { return callbackOf(b.t, link, "state", "WRONG", "code", "c") },
			"the state of another login",
		},
		"a denial": {
			func(b *bench, link string) string { return callbackOf(b.t, link, "error", "access_denied") },
			"access was denied",
		},
		"half an address": {
			func(b *bench, link string) string { return callbackOf(b.t, link, "code", "c") + "&x=%2" },
			"damaged",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.fails(b.paste(func(link string) string { return test.answer(b, link) }, "login"), exitFailure, test.want)
			if exchanged := len(b.of("create_token")); exchanged != 0 {
				t.Errorf("%d codes were exchanged", exchanged)
			}
		})
	}
}
