package auth

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	privateDir  fs.FileMode = 0o700
	privateFile fs.FileMode = 0o600
)

// fileSystem is what the file store needs of a disk. Every step that can fail
// or be cut off is one call, so that tests can let each of them fail.
type fileSystem interface {
	// MakeDir makes the directory and its parents for the owner alone.
	MakeDir(path string) error
	// CheckDir fails with ErrStoreUnsafe when others may enter the directory.
	CheckDir(path string) error
	// CheckFile does the same for a file; a missing file is fs.ErrNotExist.
	CheckFile(path string) error
	// Read reads a file that only its owner may read.
	Read(path string) ([]byte, error)
	// Create empties or makes a file for the owner alone.
	Create(path string) (storeWriter, error)
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir makes renames in the directory durable.
	SyncDir(path string) error
}

// storeWriter is a file being written.
type storeWriter interface {
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// osFileSystem is the disk. openPrivate, checkOwner and syncDir differ by
// operating system.
type osFileSystem struct{}

func (osFileSystem) MakeDir(path string) error { return os.MkdirAll(path, privateDir) }

func (osFileSystem) CheckDir(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%w: %s is a symbolic link; use the directory itself", ErrStoreUnsafe, path)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is not a directory", ErrStoreUnsafe, path)
	}
	return checkOwner(path, info, privateDir)
}

func (osFileSystem) CheckFile(path string) error {
	info, err := os.Lstat(path) //nolint:gosec // The path is the store's own.
	if err != nil {
		return err
	}
	return checkRegular(path, info)
}

func checkRegular(path string, info fs.FileInfo) error {
	if info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%w: %s is a symbolic link; remove it", ErrStoreUnsafe, path)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is not a regular file; remove it", ErrStoreUnsafe, path)
	}
	return checkOwner(path, info, privateFile)
}

// Read checks the file twice: by name, which sees links, and by handle, which
// is what gets read.
func (s osFileSystem) Read(path string) (data []byte, err error) {
	if err := s.CheckFile(path); err != nil {
		return nil, err
	}
	f, err := openPrivate(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkRegular(path, info); err != nil {
		return nil, err
	}
	// One byte more than allowed is enough for the parser to refuse it.
	return io.ReadAll(io.LimitReader(f, maxDocument+1))
}

func (s osFileSystem) Create(path string) (storeWriter, error) {
	if err := s.CheckFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return openPrivate(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
}

func (osFileSystem) Rename(from, to string) error { return os.Rename(from, to) }
func (osFileSystem) Remove(path string) error     { return os.Remove(path) }
func (osFileSystem) SyncDir(path string) error    { return syncDir(filepath.Clean(path)) }
