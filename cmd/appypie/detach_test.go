package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// detached runs the companion as a process of its own, as a shell does, with
// folders of its own.
type detached struct {
	t    *testing.T
	home string
}

func (d detached) run(args ...string) (out, notices string, code int) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.t.Context()), bounded)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		d.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"simulator"}, args...)...)
	cmd.Env = append(os.Environ(), commandVariable+"=1", "HOME="+d.home, "XDG_CACHE_HOME="+d.home, "LocalAppData="+d.home)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatalf("%v: %v", args, err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// answers reports whether a service listens.
func (d detached) answers(address string) bool {
	client := &http.Client{Timeout: bounded, Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	return errors.Join(res.Body.Close()) == nil && res.StatusCode == http.StatusOK
}

var addressPattern = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// With and without a state file, a simulator in the background is started, found
// and stopped.
func TestSimulatorInTheBackground(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{"with a state": "connects.json", "without a state": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := detached{t, t.TempDir()}
			readyFile := filepath.Join(t.TempDir(), "ready.json")
			var same []string
			if state != "" {
				same = []string{"--state", filepath.Join(t.TempDir(), state)}
			}
			start := append([]string{"--detach", "--addr", "127.0.0.1:0", "--paths", "get_profile=GET /moved", "--env", "--ready-file", readyFile}, same...)
			t.Cleanup(func() { d.run(append([]string{"--stop"}, same...)...) })

			settings, notices, code := d.run(start...)
			address := addressPattern.FindString(notices)
			if code != 0 || !d.answers(address+"/") || !strings.Contains(settings, "export APPYPIE_API_URL="+address) || !strings.Contains(notices, "simulator --stop") {
				t.Fatalf("exit code %d\n%s%s", code, settings, notices)
			}
			if ready := readReady(t, readyFile); ready["url"] != address {
				t.Errorf("the ready file has %s, want %s", ready["url"], address)
			}
			again, notices, code := d.run(start...)
			if code != 0 || again != settings || !strings.Contains(notices, "already running") {
				t.Errorf("the second one: exit code %d\n%s%s", code, again, notices)
			}
			if _, notices, code := d.run(append([]string{"--stop"}, same...)...); code != 0 || !strings.Contains(notices, "has stopped") || d.answers(address+"/") {
				t.Errorf("stopping: exit code %d\n%s", code, notices)
			}
			if _, notices, code := d.run(append([]string{"--stop"}, same...)...); code != exitFailure || !strings.Contains(notices, "no simulator") {
				t.Errorf("stopping again: exit code %d\n%s", code, notices)
			}
			if _, notices, code := d.run(start...); code != 0 || strings.Contains(notices, "already") {
				t.Errorf("starting again: exit code %d\n%s", code, notices)
			}
		})
	}
}

// Why a simulator in the background does not start is said where it was asked for.
func TestSimulatorInTheBackgroundRefuses(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"an address in use":        {[]string{"--detach", "--addr", taken.Addr().String()}, exitFailure, "in use"},
		"a wrong flag":             {[]string{"--detach", "--page-limit", "-4"}, exitUsage, "page limit"},
		"a state without folder":   {[]string{"--detach", "--state", "/nonexistent/x.json"}, exitFailure, "/nonexistent does not exist"},
		"starting and stopping":    {[]string{"--detach", "--stop"}, exitUsage, "one of them"},
		"stopping without a state": {[]string{"--stop"}, exitFailure, "no simulator"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, notices, code := detached{t, t.TempDir()}.run(test.args...)
			if code != test.code || out != "" || !strings.Contains(notices, test.want) || strings.Count(notices, "AP1") != 1 {
				t.Errorf("exit code %d, want %d and %q:\n%s%s", code, test.code, test.want, out, notices)
			}
		})
	}
}
