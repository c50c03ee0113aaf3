package auth

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// openPrivate opens a file. The access list comes from the user's profile
// directory, which other users cannot enter.
func openPrivate(path string, flag int) (*os.File, error) {
	return os.OpenFile(path, flag, privateFile) //nolint:gosec // The path is the store's own.
}

// checkOwner accepts every owner: mode bits say nothing on Windows, and the
// default path lies in a directory that only its user may enter.
func checkOwner(string, fs.FileInfo, fs.FileMode) error { return nil }

// syncDir does nothing: a directory cannot be flushed on Windows, where the
// file system's journal orders renames.
func syncDir(string) error { return nil }

// transientRename reports whether a rename may succeed in a moment, because a reader
// or a virus scanner has the file open.
func transientRename(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
