package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bounded is how long a test waits for anything.
const bounded = 20 * time.Second

// running is a simulator command that has printed what it prints.
type running struct {
	out   *strings.Builder
	ready map[string]string
	stop  func() error
}

// start runs the command until its first answer and its ready file are there.
func start(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	readyFile := filepath.Join(t.TempDir(), "ready.json")
	root := newRootCommand()
	root.SetArgs(append([]string{"simulator", "--addr", "127.0.0.1:0", "--ready-file", readyFile}, args...))
	root.SetOut(writer)
	done := make(chan error, 1)
	go func() {
		err := root.ExecuteContext(ctx)
		done <- errors.Join(err, writer.Close())
	}()
	out := &strings.Builder{}
	copied := make(chan error, 1)
	first := make(chan struct{})
	go func() {
		_, err := io.Copy(&signaling{Writer: out, first: first}, reader)
		copied <- err
	}()
	select {
	case <-first:
	case err := <-done:
		cancel()
		t.Fatalf("ended at once: %v", err)
	case <-time.After(bounded):
		cancel()
		t.Fatal("printed nothing")
	}
	r := running{out: out, ready: readReady(t, readyFile)}
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			return errors.Join(err, <-copied)
		case <-time.After(bounded):
			return errors.New("the command did not end")
		}
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

// signaling tells of the first write.
type signaling struct {
	io.Writer

	first chan struct{}
	told  bool
}

func (s *signaling) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if !s.told {
		s.told = true
		close(s.first)
	}
	return n, err
}

// readReady waits for the ready file, which appears whole or not at all.
func readReady(t *testing.T, path string) map[string]string {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(bounded)
	defer end.Stop()
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			var info map[string]string
			if err := json.Unmarshal(text, &info); err != nil {
				t.Fatalf("ready file: %v", err)
			}
			return info
		}
		select {
		case <-tick.C:
		case <-end.C:
			t.Fatalf("no ready file: %v", err)
		}
	}
}

func TestSimulatorServesWhatItPrints(t *testing.T) {
	t.Parallel()
	r := start(t, "--seed", "5")
	body := `{"grant_type":"refresh_token","client_id":"` + r.ready["client_id"] + `","client_secret":"` + r.ready["client_secret"] +
		`","refresh_token":"` + r.ready["refresh_token"] + `"}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.ready["token_url"], strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: bounded, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("status %d, %v", res.StatusCode, err)
	}
	if err := r.stop(); err != nil {
		t.Fatalf("stop: %v", err)
	}
	for _, line := range []string{
		`provider "appypie" {`,
		`api_url       = "` + r.ready["api_url"] + `"`,
		`refresh_token = "` + r.ready["refresh_token"] + `"`,
		r.ready["url"],
	} {
		if !strings.Contains(r.out.String(), line) {
			t.Errorf("not printed: %s\n%s", line, r.out)
		}
	}
}

func TestSimulatorEnv(t *testing.T) {
	t.Parallel()
	r := start(t, "--env")
	if err := r.stop(); err != nil {
		t.Fatalf("stop: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(r.out.String()), "\n")
	want := map[string]string{
		"APPYPIE_API_URL": "api_url", "APPYPIE_TOKEN_URL": "token_url", "APPYPIE_CLIENT_ID": "client_id",
		"APPYPIE_CLIENT_SECRET": "client_secret", "APPYPIE_REFRESH_TOKEN": "refresh_token",
	}
	if len(lines) != len(want) {
		t.Errorf("printed: %q", lines)
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if r.ready[want[name]] != value || value == "" {
			t.Errorf("%q, ready file %q", line, r.ready[want[name]])
		}
	}
}

func TestSimulatorKeepsItsState(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "state.json")
	first := start(t, "--state", state)
	if err := first.stop(); err != nil {
		t.Fatalf("stop: %v", err)
	}
	second := start(t, "--state", state)
	if first.ready["client_secret"] != second.ready["client_secret"] || first.ready["refresh_token"] == second.ready["refresh_token"] {
		t.Error("a restart changed the client or repeated a token")
	}
}

func TestSimulatorRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"reachable address": {[]string{"--addr", "0.0.0.0:0"}, "loopback"},
		"no port":           {[]string{"--addr", "127.0.0.1"}, "host:port"},
		"masking":           {[]string{"--masking", "hide"}, "masking"},
		"edit mode":         {[]string{"--edit-mode", "patch"}, "edit-mode"},
		"paths":             {[]string{"--paths", "turn_on_connect"}, "--paths"},
		"lost placeholder":  {[]string{"--paths", "turn_on_connect=PUT /x"}, "placeholders"},
		"argument":          {[]string{"now"}, "now"},
		"ready file":        {[]string{"--addr", "127.0.0.1:0", "--ready-file", "/nonexistent/dir/ready.json"}, "ready file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), bounded)
			defer cancel()
			root := newRootCommand()
			root.SetArgs(append([]string{"simulator"}, test.args...))
			root.SetOut(io.Discard)
			if err := root.ExecuteContext(ctx); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
