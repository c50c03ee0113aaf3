//go:build unix

package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// openPrivate opens a file for the owner alone and follows no symbolic link.
func openPrivate(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag|syscall.O_NOFOLLOW, privateFile) //nolint:gosec // The path is the store's own.
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%w: %s is a symbolic link; remove it", ErrStoreUnsafe, path)
	}
	return f, err
}

// checkOwner refuses what belongs to someone else or lets others in.
func checkOwner(path string, info fs.FileInfo, mode fs.FileMode) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("%w: the owner of %s cannot be told", ErrStoreUnsafe, path)
	}
	if uid := os.Geteuid(); int64(stat.Uid) != int64(uid) {
		return fmt.Errorf("%w: %s belongs to user %d, not to user %d who runs this; use a directory of your own", ErrStoreUnsafe, path, stat.Uid, uid)
	}
	if perm := info.Mode().Perm(); perm&^mode != 0 {
		return fmt.Errorf("%w: %s has mode %04o, which lets others in; run: chmod %04o %s", ErrStoreUnsafe, path, perm, mode, path)
	}
	return nil
}

func syncDir(path string) (err error) {
	d, err := os.Open(path) //nolint:gosec // The path is the store's own.
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}

// transientRename reports whether a rename may succeed in a moment. It never does
// so here: a rename replaces a file whoever has it open.
func transientRename(error) bool { return false }
