package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/gofrs/flock"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// lockPoll is how often a held lock is tried.
	lockPoll = 50 * time.Millisecond
	// lockReport is how often a wait is reported.
	lockReport = 10 * time.Second
)

// locker takes the lock that serializes exchanges across processes.
type locker interface {
	// TryLock does not wait. A nil release means that someone else has it.
	TryLock(path string) (release func() error, err error)
}

// flockLocker uses the kernel's advisory locks. They vanish with the process
// that holds them, so that there is no stale lock to guess about, and the file
// is never deleted, so that all processes lock the same one.
type flockLocker struct{}

func (flockLocker) TryLock(path string) (func() error, error) {
	if err := (osFileSystem{}).CheckFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(privateFile))
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, errors.Join(err, lock.Close())
	case !ok:
		return nil, lock.Close()
	default:
		return lock.Unlock, nil
	}
}

// acquire waits for the lock, says so while it waits, and gives up with
// ErrLockTimeout.
func (s *fileStore) acquire(ctx context.Context) (func(), error) {
	path := s.path(lockSuffix)
	started := s.clock.Now()
	reported := time.Time{}
	for {
		release, err := s.locker.TryLock(path)
		if err != nil {
			return nil, s.unwritable(err)
		}
		if release != nil {
			return func() {
				if err := release(); err != nil {
					s.log(ctx, slog.LevelWarn, "the token store could not be unlocked", map[string]any{"error": err.Error()})
				}
			}, nil
		}
		now := s.clock.Now()
		waited := now.Sub(started)
		if waited >= s.lockTimeout {
			return nil, newError(ErrLockTimeout,
				fmt.Sprintf("another process has held the token store's lock %s for %s", path, s.lockTimeout), nil)
		}
		if now.Sub(reported) >= lockReport {
			reported = now
			s.log(ctx, slog.LevelInfo, "waiting for another process that refreshes the access token",
				map[string]any{"waited": waited.String(), "timeout": s.lockTimeout.String()})
		}
		if err := wire.Sleep(ctx, s.clock, lockPoll); err != nil {
			return nil, err
		}
	}
}
