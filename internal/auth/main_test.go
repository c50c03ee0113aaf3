package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// TestMain lets the test binary be the processes that the tests start.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 {
		switch os.Args[1] {
		case "child-token":
			os.Exit(childToken(os.Args[2]))
		case "child-get":
			os.Exit(childGet(os.Args[2]))
		case "child-put":
			os.Exit(childPut(os.Args[2]))
		case "child-say":
			os.Exit(childSay(os.Args[2:]))
		}
	}
	// The race detector would let each child linger for a second.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
	}
	os.Exit(m.Run())
}

// childConfig is what a child-token process is told.
type childConfig struct {
	TokenURL string
	Path     string
	Seed     string
	// KillAt is the step before which the process kills itself; zero is never.
	KillAt int
	// Ahead is how far the child's clock is ahead.
	Ahead time.Duration
	// Wait lets the child wait until its standard input ends.
	Wait bool
}

// childResult is what a child-token process prints.
type childResult struct {
	Token    string
	Error    string
	Required bool
	Lost     bool
	Steps    []string
}

// shiftedClock runs ahead of the system's.
type shiftedClock struct {
	wire.SystemClock

	ahead time.Duration
}

func (c shiftedClock) Now() time.Time { return c.SystemClock.Now().Add(c.ahead) }

// killer numbers the steps of a refresh and ends the process at one of them, as
// kill -9 would.
type killer struct {
	at    int
	steps []string
}

func (k *killer) step(name string) error {
	k.steps = append(k.steps, name)
	if len(k.steps) == k.at {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err == nil {
			select {}
		}
		return err
	}
	return nil
}

// RoundTrip gives a kill a chance right before a request and right after its
// answer.
func (k *killer) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := k.step("send"); err != nil {
		return nil, err
	}
	resp, err := newTransport().RoundTrip(req)
	if stepErr := k.step("answered"); stepErr != nil {
		return nil, stepErr
	}
	return resp, err
}

func childToken(raw string) int {
	var c childConfig
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		return 2
	}
	if c.Wait {
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
	k := &killer{at: c.KillAt}
	env := osEnvironment()
	env.fs = stepFileSystem{inner: osFileSystem{}, step: k.step}
	source, err := newSource(Config{
		ClientID: testClientID, ClientSecret: testClientSecret, RefreshToken: c.Seed, TokenURL: c.TokenURL,
		Store: StoreConfig{Path: c.Path}, HTTPClient: &http.Client{Transport: k}, Clock: shiftedClock{ahead: c.Ahead},
	}, env)
	if err != nil {
		return 2
	}
	var result childResult
	token, err := source.Token(context.Background())
	if err != nil {
		result.Error = err.Error()
	}
	result.Token, result.Steps = token.AccessToken, k.steps
	result.Required, result.Lost = errors.Is(err, ErrLoginRequired), errors.Is(err, ErrAnswerLost)
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		return 2
	}
	return 0
}

// childGet and childPut are the commands of a store that keeps one document and
// its revision, and compares before it sets.
func childGet(path string) int {
	if exists(path + ".get-fails") {
		fmt.Fprintln(os.Stderr, "permission denied for token=hvs.CAESIJcanaryGETsecret0000")
		return 1
	}
	_, document, err := readDocument(path)
	if err == nil {
		_, err = os.Stdout.WriteString(document)
	}
	return exitStatus(err)
}

func exists(path string) bool {
	_, err := os.Stat(path) //nolint:gosec // The parent test made the path.
	return err == nil
}

// readDocument returns the revision and the document, which are empty when
// nothing was put.
func readDocument(path string) (revision, document string, err error) {
	data, err := os.ReadFile(path) //nolint:gosec // The parent test made the path.
	if errors.Is(err, os.ErrNotExist) {
		return "0", "", nil
	}
	revision, document, _ = strings.Cut(string(data), "\n")
	return revision, document, err
}

func childPut(path string) int {
	if exists(path + ".put-fails") {
		fmt.Fprintln(os.Stderr, "disk quota exceeded")
		return 1
	}
	var release func() error
	for release == nil {
		var err error
		if release, err = (flockLocker{}).TryLock(path + ".cas"); err != nil {
			return 1
		}
	}
	defer func() { _ = release() }()
	current, _, err := readDocument(path)
	if err != nil {
		return 1
	}
	if current != os.Getenv("APPYPIE_STORE_EXPECTED_REVISION") {
		return conflictExit
	}
	document, err := io.ReadAll(os.Stdin)
	if err != nil {
		return 1
	}
	draft := path + strconv.Itoa(os.Getpid())
	document = append([]byte(os.Getenv("APPYPIE_STORE_REVISION")+"\n"), document...)
	err = os.WriteFile(draft, document, 0o600) //nolint:gosec // The parent test made the path.
	if err != nil {
		return 1
	}
	err = os.Rename(draft, path) //nolint:gosec // The parent test made the path.
	if err != nil {
		return 1
	}
	if exists(path + ".put-forgets") {
		fmt.Fprintln(os.Stderr, "stored, but the answer was lost")
		return 1
	}
	return 0
}

// childSay prints its second argument, complains with its third, ends with its
// first, and counts its runs in the file that the fourth names.
func childSay(args []string) int {
	if len(args) > 3 {
		f, err := os.OpenFile(args[3], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // The parent test made the path.
		if err != nil {
			return 2
		}
		_, _ = f.WriteString("x")
		_ = f.Close()
	}
	_, _ = os.Stdout.WriteString(args[1])
	_, _ = os.Stderr.WriteString(args[2])
	code, err := strconv.Atoi(args[0])
	if err != nil {
		return 2
	}
	if code < 0 {
		select {}
	}
	return code
}

func exitStatus(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// self is the path of the test binary.
func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatalf("find the test binary: %v", err)
	}
	return path
}

func childCommand(t *testing.T, c childConfig) *exec.Cmd {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, self(t), "child-token", string(raw))
}

// runChild returns the result, or killed when the process did not live to print one.
func runChild(t *testing.T, c childConfig) (result childResult, killed bool) {
	t.Helper()
	out, err := childCommand(t, c).Output()
	if err != nil && len(out) == 0 {
		if c.KillAt == 0 {
			t.Fatalf("child: %v", err)
		}
		return childResult{}, true
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("child printed %q: %v", out, err)
	}
	return result, false
}

// stepFileSystem announces every step before it is taken; an error of the
// announcement is the step's.
type stepFileSystem struct {
	inner fileSystem
	step  func(name string) error
}

func (s stepFileSystem) take(op, path string, do func() error) error {
	if err := s.step(op + stepPath(path)); err != nil {
		return err
	}
	return do()
}

func stepPath(path string) string {
	if ext := filepath.Ext(path); ext != "" {
		return " " + ext
	}
	return " directory"
}

func (s stepFileSystem) MakeDir(path string) error {
	return s.take("make", path, func() error { return s.inner.MakeDir(path) })
}

func (s stepFileSystem) CheckDir(path string) error {
	return s.take("check", path, func() error { return s.inner.CheckDir(path) })
}

func (s stepFileSystem) CheckFile(path string) error {
	return s.take("check", path, func() error { return s.inner.CheckFile(path) })
}

func (s stepFileSystem) Read(path string) (data []byte, err error) {
	err = s.take("read", path, func() error {
		data, err = s.inner.Read(path)
		return err
	})
	return data, err
}

func (s stepFileSystem) Create(path string) (storeWriter, error) {
	if err := s.step("create" + stepPath(path)); err != nil {
		return nil, err
	}
	w, err := s.inner.Create(path)
	if err != nil {
		return nil, err
	}
	return stepWriter{inner: w, fs: s, path: path}, nil
}

func (s stepFileSystem) Rename(from, to string) error {
	return s.take("rename", from, func() error { return s.inner.Rename(from, to) })
}

func (s stepFileSystem) Remove(path string) error {
	return s.take("remove", path, func() error { return s.inner.Remove(path) })
}

func (s stepFileSystem) SyncDir(path string) error {
	return s.take("sync", path, func() error { return s.inner.SyncDir(path) })
}

type stepWriter struct {
	inner storeWriter
	fs    stepFileSystem
	path  string
}

// WriteAt has a step in its middle, where half of the data is on the disk.
func (w stepWriter) WriteAt(data []byte, at int64) (int, error) {
	if err := w.fs.step("write" + stepPath(w.path)); err != nil {
		return 0, err
	}
	half := len(data) / 2
	n, err := w.inner.WriteAt(data[:half], at)
	if err != nil {
		return n, err
	}
	if err := w.fs.step("write rest" + stepPath(w.path)); err != nil {
		return n, err
	}
	m, err := w.inner.WriteAt(data[half:], at+int64(half))
	return n + m, err
}

func (w stepWriter) Truncate(size int64) error {
	return w.fs.take("truncate", w.path, func() error { return w.inner.Truncate(size) })
}

func (w stepWriter) Sync() error  { return w.fs.take("sync", w.path, w.inner.Sync) }
func (w stepWriter) Close() error { return w.fs.take("close", w.path, w.inner.Close) }
