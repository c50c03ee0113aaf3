package auth

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// commandBench is a bench whose store is two commands.
func newCommandBench(t *testing.T) (b *bench, document string) {
	t.Helper()
	b = newBench(t)
	document = filepath.Join(t.TempDir(), "document")
	b.cfg.Store.Type = StoreCommand
	b.cfg.Store.GetCommand = []string{self(t), "child-get", document}
	b.cfg.Store.PutCommand = []string{self(t), "child-put", document}
	return b, document
}

func TestCommandStore(t *testing.T) {
	t.Parallel()
	b, _ := newCommandBench(t)
	first := b.mustToken(t, b.source(t))
	if got := b.mustToken(t, b.source(t)); got != first {
		t.Errorf("another token came out")
	}
	b.clock.advance(2 * time.Hour)
	b.mustToken(t, b.source(t))
	b.expectExchanges(t, 2)
	b.expectLockOnly(t)
}

// expectLockOnly fails when a command store leaves more than its lock on disk.
func (b *bench) expectLockOnly(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(b.cfg.Store.Path, "*"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0], lockSuffix) {
		t.Errorf("files %v are left beside the lock, error %v", files, err)
	}
}

func TestCommandStoreThatFailsSpendsNothing(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"get", "put"} {
		t.Run(which, func(t *testing.T) {
			t.Parallel()
			b, document := newCommandBench(t)
			writeFile(t, document+"."+which+"-fails", "")
			_, err := b.source(t).Token(t.Context())
			var failed *Error
			if !errors.Is(err, ErrStoreCommand) || !errors.As(err, &failed) || failed.Attribute != "token_store."+which+"_command" {
				t.Errorf("error = %v, want ErrStoreCommand", err)
			}
			if strings.Contains(err.Error(), "hvs.") {
				t.Errorf("the error shows a secret: %v", err)
			}
			b.expectExchanges(t, 0)
		})
	}
}

func TestCommandStoreKeepsAPairThatPutRefuses(t *testing.T) {
	t.Parallel()
	b, document := newCommandBench(t)
	b.mustToken(t, b.source(t))
	b.clock.advance(2 * time.Hour)
	// The put works for the intent and fails once the exchange has happened.

	b.endpoint.after = func(_ http.ResponseWriter, _ int) bool {
		writeFile(t, document+".put-fails", "")
		return false
	}
	_, err := b.source(t).Token(t.Context())
	if !errors.Is(err, ErrSaveFailed) || !strings.Contains(err.Error(), b.file(pendingSuffix)) {
		t.Fatalf("error = %v, want ErrSaveFailed with the place of the rescue file", err)
	}
	b.noSecrets(t, "the error", err.Error())
	if info, err := os.Stat(b.file(pendingSuffix)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rescue file: %v, %v", info, err)
	}
	if err := os.Remove(document + ".put-fails"); err != nil {
		t.Fatal(err)
	}
	b.mustToken(t, b.source(t))
	b.expectExchanges(t, 2)
}

func TestCommandStoreWhosePutForgetsToAnswer(t *testing.T) {
	t.Parallel()
	b, document := newCommandBench(t)
	b.endpoint.after = func(_ http.ResponseWriter, _ int) bool {
		writeFile(t, document+".put-forgets", "")
		return false
	}
	b.mustToken(t, b.source(t))
	b.expectExchanges(t, 1)
	b.expectLockOnly(t)
}

// TestCommandStoreBetweenMachines lets two machines, each with its own lock,
// want the same refresh: the note of the intent decides.
func TestCommandStoreBetweenMachines(t *testing.T) {
	t.Parallel()
	b, _ := newCommandBench(t)
	b.mustToken(t, b.source(t))
	b.clock.advance(2 * time.Hour)
	there := *b
	there.cfg.Store.Path = filepath.Join(t.TempDir(), "store")
	there.env.holder = "another machine"
	adopted := make(chan Token, 1)
	inside := make(chan struct{})
	b.endpoint.before = func(_ http.ResponseWriter, n int) bool {
		if n == 2 {
			close(inside)
		}
		return false
	}
	go func() {
		<-inside
		token, err := there.source(t).Token(t.Context())
		if err != nil {
			t.Errorf("the other machine: %v", err)
		}
		adopted <- token
	}()
	got := b.mustToken(t, b.source(t))
	if other := <-adopted; other != got {
		t.Errorf("the other machine has another token")
	}
	b.expectExchanges(t, 2)
}

func TestCommandStoreTakesOverADeadClaim(t *testing.T) {
	t.Parallel()
	b, _ := newCommandBench(t)
	l, err := resolveLogin(b.cfg.withDefaults(), b.env)
	if err != nil {
		t.Fatal(err)
	}
	claimed := l.newLineage(b.cfg.RefreshToken)
	claimed.Intent = &intent{Fingerprint: fingerprint(b.cfg.RefreshToken), At: b.clock.Now().Add(24 * time.Hour), Holder: "a machine that died"}
	if err := l.store.save(t.Context(), claimed); err != nil {
		t.Fatal(err)
	}
	began := b.clock.Now()
	b.mustToken(t, b.source(t))
	if waited := b.clock.Now().Sub(began); waited < l.store.patience() {
		t.Errorf("took over after %s, before the patience of %s", waited, l.store.patience())
	}
	b.expectExchanges(t, 1)
}

func TestTokenCommand(t *testing.T) {
	t.Parallel()
	future := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)
	tests := map[string]struct {
		code, out, complaint string
		want                 []error
		contains             string
		hides                string
	}{
		"fine":             {code: "0", out: `{"access_token":"abc","expires_at":` + future + `}`},
		"milliseconds":     {code: "0", out: `{"access_token":"abc","expires_at":` + future + `000}`},
		"text":             {code: "0", out: `{"access_token":"abc","expires_at":"2999-01-01T00:00:00Z"}`},
		"no expiry":        {code: "0", out: `{"access_token":"abc","more":1}`},
		"expired":          {code: "0", out: `{"access_token":"abc","expires_at":1000}`, want: []error{ErrTokenCommand, ErrTokenExpired}, contains: "expired at 1970"},
		"not JSON":         {code: "0", out: "secret-output-canary-1", want: []error{ErrTokenCommand}, contains: "not a JSON object", hides: "canary"},
		"no token":         {code: "0", out: `{"token":"secret-canary-1"}`, want: []error{ErrTokenCommand}, contains: "no usable access_token", hides: "canary"},
		"expiry is a word": {code: "0", out: `{"access_token":"abc","expires_at":"soon"}`, want: []error{ErrTokenCommand}, contains: "no time"},
		"fails": {
			code: "7", out: `{"access_token":"canary"}`,
			complaint: "cannot read vault\npassword=canary1 Authorization: Bearer canary2 {\"refresh_token\": \"canary3\"} s.canary4567890abcdefghij " + testClientSecret,
			want:      []error{ErrTokenCommand}, contains: "exit status 7: cannot read vault", hides: "canary",
		},
		"hangs": {code: "-1", complaint: "thinking", want: []error{ErrTokenCommand}, contains: "did not finish within"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs := filepath.Join(t.TempDir(), "runs")
			cfg := Config{TokenCommand: []string{self(t), "child-say", tt.code, tt.out, tt.complaint, runs}, ClientSecret: testClientSecret, ClientID: testClientID}
			if tt.code == "-1" {
				cfg.TokenCommandTimeout = 300 * time.Millisecond
			}
			s, err := New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			token, err := s.Token(t.Context())
			for _, want := range tt.want {
				if !errors.Is(err, want) {
					t.Errorf("error = %v, want %v", err, want)
				}
			}
			if len(tt.want) == 0 {
				again, againErr := s.Token(t.Context())
				if err != nil || againErr != nil || token.AccessToken != "abc" || again != token {
					t.Errorf("tokens %v, %v, errors %v, %v", token, again, err, againErr)
				}
				if ran, err := os.ReadFile(runs); err != nil || len(ran) != 1 {
					t.Errorf("the command ran %d times, error %v", len(ran), err)
				}
				return
			}
			if !strings.Contains(err.Error(), tt.contains) || (tt.hides != "" && strings.Contains(err.Error(), tt.hides)) {
				t.Errorf("error %q must say %q and hide %q", err, tt.contains, tt.hides)
			}
		})
	}
}

func TestTokenCommandThatRepeatsARejectedToken(t *testing.T) {
	t.Parallel()
	s, err := New(Config{TokenCommand: []string{self(t), "child-say", "0", `{"access_token":"abc"}`, ""}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.Reject(token.AccessToken)
	if _, err := s.Token(t.Context()); !errors.Is(err, ErrTokenRejected) {
		t.Errorf("error = %v, want ErrTokenRejected", err)
	}
}

func TestTokenCommandThatDoesNotExist(t *testing.T) {
	t.Parallel()
	s, err := New(Config{TokenCommand: []string{filepath.Join(t.TempDir(), "no-such-program"), "--secret=canary"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Token(t.Context())
	if !errors.Is(err, ErrTokenCommand) || !strings.Contains(err.Error(), "cannot be run") || strings.Contains(err.Error(), "canary") {
		t.Errorf("error = %v", err)
	}
}

// A secret may lie across the end of what is kept of a command's complaints, and
// a command may print the secrets of the configuration.
func TestComplaintsShowNoPartOfASecret(t *testing.T) {
	t.Parallel()
	for name, complaint := range map[string]string{
		"across 16 KiB":      strings.Repeat(" ", 16<<10-16) + testClientSecret,
		"across 64 KiB":      strings.Repeat(" ", 64<<10-16) + testClientSecret,
		"the first half":     "cannot use " + testClientSecret[:14],
		"the encryption key": "cannot use an-encryption-key-of-letters",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := newCommandBench(t)
			b.cfg.Store.EncryptionKey = "an-encryption-key-of-letters"
			b.cfg.Store.GetCommand = []string{self(t), "child-say", "1", "", complaint}
			_, err := b.source(t).Token(t.Context())
			if !errors.Is(err, ErrStoreCommand) || strings.Contains(err.Error(), "client-s") || strings.Contains(err.Error(), "an-encryption") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
