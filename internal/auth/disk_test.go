package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStoreRefusals puts a store in a state that must not be used. Nothing may
// be spent, and the message has to say what is wrong and what to do.
func TestStoreRefusals(t *testing.T) {
	t.Parallel()
	rewrite := func(content string) func(*testing.T, *bench) {
		return func(t *testing.T, b *bench) {
			t.Helper()
			writeFile(t, b.file(recordSuffix), content)
		}
	}
	tests := map[string]struct {
		spoil    func(*testing.T, *bench)
		want     error
		contains string
		unix     bool
	}{
		"truncated":           {func(t *testing.T, b *bench) { t.Helper(); truncateFile(t, b.file(recordSuffix), 200) }, ErrStoreCorrupt, "not a complete JSON document", false},
		"empty":               {rewrite(""), ErrStoreCorrupt, "it is empty", false},
		"not JSON":            {rewrite("<html>"), ErrStoreCorrupt, "complete JSON", false},
		"unknown field":       {rewrite(`{"format":1,"surprise":true}`), ErrStoreCorrupt, "a field is unknown", false},
		"future format":       {rewrite(`{"format":2,"surprise":true}`), ErrStoreFormat, "it has format 2", false},
		"someone else's":      {rewrite(`{"format":1,"token_url":"https://x.example","client_id":"c","profile":"p","origin":"seed","generation":0,"revision":0,"lineage":[]}`), ErrStoreCorrupt, "belongs to another", false},
		"mode 0644":           {func(t *testing.T, b *bench) { t.Helper(); chmod(t, b.file(recordSuffix), 0o644) }, ErrStoreUnsafe, "chmod 0600", true},
		"directory 0755":      {func(t *testing.T, b *bench) { t.Helper(); chmod(t, b.cfg.Store.Path, 0o755) }, ErrStoreUnsafe, "chmod 0700", true},
		"symlinked file":      {func(t *testing.T, b *bench) { t.Helper(); relink(t, b.file(recordSuffix)) }, ErrStoreUnsafe, "symbolic link", true},
		"symlinked lock":      {func(t *testing.T, b *bench) { t.Helper(); relink(t, b.file(lockSuffix)) }, ErrStoreUnsafe, "symbolic link", true},
		"symlinked directory": {func(t *testing.T, b *bench) { t.Helper(); relink(t, b.cfg.Store.Path) }, ErrStoreUnsafe, "symbolic link", true},
		"a directory instead": {func(t *testing.T, b *bench) {
			t.Helper()
			if err := errors.Join(os.Remove(b.file(recordSuffix)), os.Mkdir(b.file(recordSuffix), 0o700)); err != nil {
				t.Fatal(err)
			}
		}, ErrStoreUnsafe, "not a regular file", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.unix && runtime.GOOS == "windows" {
				t.Skip("Windows has no mode bits, and links need a privilege")
			}
			b := newBench(t)
			b.mustToken(t, b.source(t))
			b.clock.advance(2 * time.Hour)
			tt.spoil(t, b)
			_, err := b.source(t).Token(t.Context())
			if !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.contains) {
				t.Errorf("error %q does not say %q", err, tt.contains)
			}
			b.noSecrets(t, "the error", err.Error())
			b.expectExchanges(t, 1)
			status, err := inspectWith(t.Context(), b.cfg, b.env, false)
			if err != nil || (status.Health != HealthProblem && name != "symlinked lock") {
				t.Errorf("status %q, error %v", status.Health, err)
			}
		})
	}
}

func TestForeignOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	b := newBench(t)
	b.mustToken(t, b.source(t))
	if err := os.Chown(b.file(recordSuffix), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	_, err := b.source(t).Token(t.Context())
	if !errors.Is(err, ErrStoreUnsafe) || !strings.Contains(err.Error(), "belongs to user 65534") {
		t.Errorf("error = %v, want ErrStoreUnsafe", err)
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("mode bits do not stop this user; TestDiskFault covers the errors")
	}
	b := newBench(t)
	b.cfg.Store.Path = filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(b.cfg.Store.Path, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrStoreUnwritable) {
		t.Errorf("error = %v, want ErrStoreUnwritable", err)
	}
	b.expectExchanges(t, 0)
}

// TestDiskFault lets one kind of step fail for good, at each step of a refresh
// in turn. Before the exchange that must spend nothing; after it, a repaired
// disk must lead to a token or to the word that the answer was lost.
func TestDiskFault(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.ENOSPC, fs.ErrPermission, syscall.EROFS} {
		t.Run(cause.Error(), func(t *testing.T) {
			t.Parallel()
			var steps []string
			if err := refreshWithFault(t, newBench(t), func(int, string) error { return nil }, &steps); err != nil {
				t.Fatalf("undisturbed refresh: %v", err)
			}
			outcomes := map[string]int{}
			for i := range steps {
				outcomes[diskFault(t, i, steps[i], cause)]++
			}
			for _, want := range []string{"nothing spent", "completed by the next run", "lost"} {
				if outcomes[want] == 0 {
					t.Errorf("no step ended with %q: %v", want, outcomes)
				}
			}
		})
	}
}

// refreshWithFault runs one refresh, asking fault before each step of the disk.
func refreshWithFault(t *testing.T, b *bench, fault func(i int, name string) error, steps *[]string) error {
	t.Helper()
	i := -1
	broken := b.env
	broken.fs = stepFileSystem{inner: osFileSystem{}, step: func(name string) error {
		i++
		if steps != nil {
			*steps = append(*steps, name)
		}
		return fault(i, name)
	}}
	source, err := newSource(b.cfg, broken)
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Token(t.Context())
	return err
}

func diskFault(t *testing.T, at int, step string, cause error) string {
	t.Helper()
	what := fmt.Sprintf("%s fails from step %d on", step, at)
	b := newBench(t)
	err := refreshWithFault(t, b, func(i int, name string) error {
		if i >= at && name == step {
			return fmt.Errorf("%s: %w", name, cause)
		}
		return nil
	}, nil)
	exchanges, _, _ := b.endpoint.counts()
	if err != nil && !errors.Is(err, ErrStoreUnwritable) && !errors.Is(err, ErrSaveFailed) && !errors.Is(err, ErrStoreUnreadable) {
		t.Errorf("%s: %v", what, err)
	}
	if err != nil && exchanges == 1 && !errors.Is(err, ErrSaveFailed) {
		t.Errorf("%s: a token was spent and the error does not say so: %v", what, err)
	}
	next, nextErr := b.source(t).Token(t.Context())
	_, reuses, _ := b.endpoint.counts()
	switch {
	case nextErr == nil && reuses == 0 && next.AccessToken != "":
		if exchanges == 0 {
			return "nothing spent"
		}
		return "completed by the next run"
	case exchanges == 1 && errors.Is(nextErr, ErrAnswerLost):
		return "lost"
	default:
		t.Errorf("%s: then %v; the next run: %v, %d reuses", what, err, nextErr, reuses)
		return "wrong"
	}
}

// fullDisk refuses every write that needs more room once it is full.
type fullDisk struct {
	osFileSystem

	full func() bool
}

func (d fullDisk) Create(path string) (storeWriter, error) {
	if d.full() {
		return nil, syscall.ENOSPC
	}
	w, err := d.osFileSystem.Create(path)
	return &fullDiskFile{storeWriter: w, full: d.full}, err
}

type fullDiskFile struct {
	storeWriter

	full func() bool
	size int64
}

func (f *fullDiskFile) WriteAt(data []byte, at int64) (int, error) {
	end := at + int64(len(data))
	if f.full() && end > f.size {
		return 0, syscall.ENOSPC
	}
	f.size = max(f.size, end)
	return f.storeWriter.WriteAt(data, at)
}

// TestDiskThatFillsUpDuringTheExchange shows what the reserved room is for.
func TestDiskThatFillsUpDuringTheExchange(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"plain": "", "encrypted": "a key of thirty-two characters.."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.cfg.Store.EncryptionKey = key
			healthy := b.env
			b.env.fs = fullDisk{full: func() bool {
				exchanges, _, _ := b.endpoint.counts()
				return exchanges > 0
			}}
			first := b.mustToken(t, b.source(t))
			b.env = healthy
			if got := b.mustToken(t, b.source(t)); got != first {
				t.Errorf("another token came out")
			}
			b.expectExchanges(t, 1)
		})
	}
}

// TestEveryRenameIsDurable looks at the order of the steps: what is renamed was
// synced before, and the directory is synced after.
func TestEveryRenameIsDurable(t *testing.T) {
	t.Parallel()
	var steps []string
	if err := refreshWithFault(t, newBench(t), func(int, string) error { return nil }, &steps); err != nil {
		t.Fatal(err)
	}
	renames := 0
	for i, step := range steps {
		suffix, ok := strings.CutPrefix(step, "rename ")
		if !ok {
			continue
		}
		renames++
		if i < 2 || steps[i-2] != "sync "+suffix || steps[i-1] != "close "+suffix || i+1 >= len(steps) || steps[i+1] != "sync directory" {
			t.Errorf("the rename of %s is not durable: %q", suffix, steps)
		}
	}
	if renames != 2 {
		t.Errorf("%d renames, want one of the intent and one of the answer: %q", renames, steps)
	}
}

func TestLockHeldForTooLong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := os.Mkdir(b.cfg.Store.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	release, err := (flockLocker{}).TryLock(b.file(lockSuffix))
	if err != nil || release == nil {
		t.Fatalf("lock: %v", err)
	}
	b.cfg.Store.LockTimeout = time.Minute
	_, err = b.source(t).Token(t.Context())
	if !errors.Is(err, ErrLockTimeout) || !strings.Contains(err.Error(), "1m0s") {
		t.Errorf("error = %v, want ErrLockTimeout", err)
	}
	if said := strings.Count(b.journal.text(), "waiting for another process"); said < 5 || said > 8 {
		t.Errorf("the wait was reported %d times in a minute", said)
	}
	b.expectExchanges(t, 0)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	b.mustToken(t, b.source(t))
	if _, err := os.Stat(b.file(lockSuffix)); err != nil {
		t.Errorf("the lock file is gone: %v", err)
	}
}

func TestReadersDoNotWaitForTheLock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustToken(t, b.source(t))
	release, err := (flockLocker{}).TryLock(b.file(lockSuffix))
	if err != nil || release == nil {
		t.Fatalf("lock: %v", err)
	}
	defer func() { _ = release() }()
	b.mustToken(t, b.source(t))
	b.expectExchanges(t, 1)
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no mode bits")
	}
	b := newBench(t)
	b.mustToken(t, b.source(t))
	entries, err := os.ReadDir(b.cfg.Store.Path)
	if err != nil || len(entries) != 2 {
		t.Fatalf("files %v, error %v; want the record and the lock", entries, err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, error %v", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(b.cfg.Store.Path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory: %v, %v", info, err)
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func truncateFile(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// relink moves a file away and leaves a symbolic link to it.
func relink(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path)); err != nil {
		t.Fatal(err)
	}
}
