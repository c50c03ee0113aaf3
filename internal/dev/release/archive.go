package main

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// entry is a file that goes into an archive.
type entry struct {
	name, source string
	mode         os.FileMode
}

// archiveTime stands in each archive instead of the time of the build, so that
// the same source gives the same bytes. It is the first that zip can express.
func archiveTime() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// writeArchive packs files into a new archive.
func writeArchive(target string, entries []entry) (err error) {
	file, err := os.Create(filepath.Clean(target))
	if err != nil {
		return fmt.Errorf("make an archive: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	archive := zip.NewWriter(file)
	for _, e := range entries {
		if err := addEntry(archive, e); err != nil {
			return fmt.Errorf("pack %s into %s: %w", e.name, filepath.Base(target), err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("end %s: %w", filepath.Base(target), err)
	}
	return nil
}

func addEntry(archive *zip.Writer, e entry) error {
	header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: archiveTime()}
	header.SetMode(e.mode)
	packed, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	source, err := os.Open(filepath.Clean(e.source))
	if err != nil {
		return err
	}
	_, err = io.Copy(packed, source)
	return errors.Join(err, source.Close())
}

// writeSums writes the checksums of files of a folder as sha256sum reads them.
func writeSums(dir, target string, names []string) error {
	var lines strings.Builder
	for _, name := range slices.Sorted(slices.Values(names)) {
		sum, err := sumOf(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(&lines, "%s  %s\n", sum, name)
	}
	if err := os.WriteFile(filepath.Join(dir, target), []byte(lines.String()), 0o644); err != nil { //nolint:gosec // checksums are for everyone.
		return fmt.Errorf("write the checksums: %w", err)
	}
	return nil
}

func sumOf(name string) (string, error) {
	content, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return "", fmt.Errorf("take a checksum: %w", err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(content)), nil
}
