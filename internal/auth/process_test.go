package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// together starts n processes that wait for each other and returns what they
// print.
func together(t *testing.T, n int, c childConfig) []childResult {
	t.Helper()
	c.Wait = true
	results := make([]childResult, n)
	starts := make([]func() error, n)
	var wg sync.WaitGroup
	for i := range n {
		cmd := childCommand(t, c)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatalf("pipe: %v", err)
		}
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatalf("start: %v", err)
		}
		starts[i] = stdin.Close
		wg.Go(func() {
			if err := errors.Join(cmd.Wait(), json.Unmarshal(out.Bytes(), &results[i])); err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		})
	}
	for _, start := range starts {
		if err := start(); err != nil {
			t.Errorf("start: %v", err)
		}
	}
	wg.Wait()
	return results
}

func TestTwentyProcessesOneExchange(t *testing.T) {
	t.Parallel()
	f := newFakeEndpoint(t)
	results := together(t, 20, childConfig{TokenURL: f.url(), Path: filepath.Join(t.TempDir(), "store"), Seed: f.seed("seed-canary-1")})
	for i, r := range results {
		if r.Error != "" || r.Token == "" || r.Token != results[0].Token {
			t.Errorf("process %d: %s", i, r.Error)
		}
	}
	if exchanges, reuses, requests := f.counts(); exchanges != 1 || reuses != 0 || requests != 1 {
		t.Errorf("%d exchanges, %d reuses, %d requests; want one, none, one", exchanges, reuses, requests)
	}
}

func TestTwoAliasesFifteenPlans(t *testing.T) {
	t.Parallel()
	for i := range 15 {
		f := newFakeEndpoint(t)
		results := together(t, 2, childConfig{TokenURL: f.url(), Path: filepath.Join(t.TempDir(), "store"), Seed: f.seed("seed-canary-1")})
		if exchanges, reuses, _ := f.counts(); exchanges != 1 || reuses != 0 || results[0].Error+results[1].Error != "" {
			t.Errorf("plan %d: %d exchanges, %d reuses, %+v", i, exchanges, reuses, results)
		}
	}
}

// TestKillAtEveryStep kills the first process before each of its steps in turn.
// The next run must get a token without using a refresh token twice, or, if the
// kill fell between the server's commit and the local save, say so.
func TestKillAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, *fakeEndpoint, *childConfig){
		"first refresh": func(*testing.T, *fakeEndpoint, *childConfig) {},
		"later refresh": func(t *testing.T, f *fakeEndpoint, c *childConfig) {
			t.Helper()
			if r, _ := runChild(t, *c); r.Error != "" {
				t.Fatalf("prepare: %s", r.Error)
			}
			c.Ahead = 2 * time.Hour
			f.mu.Lock()
			f.skew = c.Ahead
			f.mu.Unlock()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := killableSteps(t, prepare)
			lost := 0
			for i, step := range steps {
				if killAndRecover(t, i+1, step, prepare) {
					lost++
				}
			}
			// Only the server could close the window from its answer to the
			// completed write of it.
			if lost == 0 || lost > 4 {
				t.Errorf("%d of %d steps lost the answer", lost, len(steps))
			}
		})
	}
}

func newKillBench(t *testing.T, prepare func(*testing.T, *fakeEndpoint, *childConfig)) (*fakeEndpoint, childConfig) {
	t.Helper()
	f := newFakeEndpoint(t)
	c := childConfig{TokenURL: f.url(), Path: filepath.Join(t.TempDir(), "store"), Seed: f.seed("seed-canary-1")}
	prepare(t, f, &c)
	return f, c
}

// killableSteps are the steps of a refresh that nobody disturbs.
func killableSteps(t *testing.T, prepare func(*testing.T, *fakeEndpoint, *childConfig)) []string {
	t.Helper()
	_, c := newKillBench(t, prepare)
	r, _ := runChild(t, c)
	if r.Error != "" || len(r.Steps) < 20 {
		t.Fatalf("undisturbed refresh: %s, steps %q", r.Error, r.Steps)
	}
	return r.Steps
}

// killAndRecover reports whether the answer was lost.
func killAndRecover(t *testing.T, at int, step string, prepare func(*testing.T, *fakeEndpoint, *childConfig)) bool {
	t.Helper()
	what := fmt.Sprintf("killed before step %d (%s)", at, step)
	f, c := newKillBench(t, prepare)
	before, _, _ := f.counts()
	c.KillAt = at
	if _, killed := runChild(t, c); !killed {
		t.Errorf("%s: the process lived", what)
	}
	spent, _, _ := f.counts()
	c.KillAt = 0
	r, _ := runChild(t, c)
	exchanges, reuses, _ := f.counts()
	switch {
	case r.Error == "":
		if reuses != 0 || exchanges != before+1 {
			t.Errorf("%s: recovered with %d exchanges and %d reuses", what, exchanges-before, reuses)
		}
		return false
	case spent == before:
		t.Errorf("%s: nothing was spent and the next run fails: %s", what, r.Error)
	case !r.Required || !r.Lost || !strings.Contains(r.Error, `the login of profile "default" has ended`):
		t.Errorf("%s: the next run does not say what to do: %s", what, r.Error)
	}
	// A new login helps.
	c.Seed = f.seed("seed-canary-2")
	if r, _ := runChild(t, c); r.Error != "" {
		t.Errorf("%s: a new seed does not help: %s", what, r.Error)
	}
	return true
}
