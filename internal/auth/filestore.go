package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Names of a lineage's files begin with its key.
const (
	recordSuffix  = ".json"
	draftSuffix   = ".new"
	pendingSuffix = ".pending"
	lockSuffix    = ".lock"
)

const (
	// reserve is the room for the answer of an exchange beyond the record that
	// it extends, in bytes: twice the longest answer that is read.
	reserve = 2 * maxAnswer
	// saveAttempts and savePause bound the attempts to save a pair that was
	// received: by then its predecessor is spent.
	saveAttempts = 4
	savePause    = 250 * time.Millisecond
)

// fileStore keeps a lineage in a directory of its owner.
type fileStore struct {
	dir, key                    string
	tokenURL, clientID, profile string

	fs          fileSystem
	locker      locker
	clock       wire.Clock
	log         LogFunc
	lockTimeout time.Duration
	sealer      *sealer
}

func (s *fileStore) path(suffix string) string { return filepath.Join(s.dir, s.key+suffix) }
func (s *fileStore) location() string          { return s.path(recordSuffix) }
func (s *fileStore) patience() time.Duration   { return 0 }

func (s *fileStore) load(context.Context) (*record, error) {
	rec, err := s.read(recordSuffix)
	if err != nil {
		return nil, explainStore(err, s.location(), s.profile)
	}
	return rec, nil
}

// read returns nil when the file, or its directory, is not there.
func (s *fileStore) read(suffix string) (*record, error) {
	if err := s.fs.CheckDir(s.dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil //nolint:nilnil // Nothing stored is no error.
		}
		return nil, err
	}
	data, err := s.fs.Read(s.path(suffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // Nothing stored is no error.
	}
	if err != nil {
		return nil, err
	}
	return s.decode(data)
}

func (s *fileStore) decode(data []byte) (*record, error) {
	plain, encrypted, err := s.sealer.open(data, s.key)
	if err != nil {
		return nil, err
	}
	rec, err := parseRecord(plain)
	if err != nil {
		return nil, err
	}
	if rec.TokenURL != s.tokenURL || rec.ClientID != s.clientID || rec.Profile != s.profile {
		return nil, fmt.Errorf("%w: it belongs to another token URL, client or profile", ErrStoreCorrupt)
	}
	rec.encrypted = encrypted
	return rec, nil
}

// encode returns the document of the record at its next revision.
func (s *fileStore) encode(rec *record) ([]byte, error) {
	next := rec.clone()
	next.Revision++
	data, err := next.serialize()
	if err != nil {
		return nil, err
	}
	return s.sealer.seal(data, s.key)
}

func (s *fileStore) lock(ctx context.Context) (func(), error) {
	if err := s.fs.MakeDir(s.dir); err != nil {
		return nil, s.unwritable(err)
	}
	if err := s.fs.CheckDir(s.dir); err != nil {
		return nil, s.unwritable(err)
	}
	return s.acquire(ctx)
}

// unwritable explains an error that came before anything was spent.
func (s *fileStore) unwritable(err error) error {
	if errors.Is(err, ErrStoreUnsafe) {
		return explainStore(err, s.dir, s.profile)
	}
	out := newError(ErrStoreUnwritable, "the token store in "+s.dir+" cannot be written", err)
	out.Attribute, out.Profile = "token_store", s.profile
	return out
}

func (s *fileStore) save(ctx context.Context, rec *record) error {
	data, err := s.encode(rec)
	if err != nil {
		return s.unwritable(err)
	}
	if err := s.replace(ctx, data); err != nil {
		return s.unwritable(err)
	}
	rec.Revision++
	return nil
}

// replace swaps the record's file for one with new content: readers see the old
// or the new one and never a part.
func (s *fileStore) replace(ctx context.Context, data []byte) error {
	w, err := s.fs.Create(s.path(draftSuffix))
	if err != nil {
		return err
	}
	if err := writeAll(w, data); err != nil {
		return errors.Join(err, s.fs.Remove(s.path(draftSuffix)))
	}
	return s.rename(ctx, draftSuffix)
}

// writeAll makes data the whole content of the file, synced, and closes it.
func writeAll(w storeWriter, data []byte) error {
	err := overwrite(w, data)
	return errors.Join(err, w.Close())
}

func overwrite(w storeWriter, data []byte) error {
	if _, err := w.WriteAt(data, 0); err != nil {
		return err
	}
	if err := w.Truncate(int64(len(data))); err != nil {
		return err
	}
	return w.Sync()
}

// rename puts a finished file in the record's place and makes that durable.
func (s *fileStore) rename(ctx context.Context, suffix string) error {
	err := s.fs.Rename(s.path(suffix), s.path(recordSuffix))
	for i := 0; i < saveAttempts && err != nil && transientRename(err); i++ {
		if waitErr := wire.Sleep(ctx, s.clock, lockPoll); waitErr != nil {
			return errors.Join(err, waitErr)
		}
		err = s.fs.Rename(s.path(suffix), s.path(recordSuffix))
	}
	if err != nil {
		return err
	}
	return s.fs.SyncDir(s.dir)
}

// rescue looks for an answer that was written in full and not put in its place,
// because the process was killed or the disk failed in between.
func (s *fileStore) rescue(ctx context.Context, current *record) (*record, error) {
	found, ok := s.finished(ctx, current)
	if !ok {
		return current, nil
	}
	if err := s.rename(ctx, pendingSuffix); err != nil {
		return nil, s.unwritable(err)
	}
	s.log(ctx, slog.LevelInfo, "completed the refresh of a run that was cut off", map[string]any{"profile": s.profile})
	return found, nil
}

// finished reads the pending file. Whatever is not the complete successor of
// the current record is no use, and the next exchange writes over it.
func (s *fileStore) finished(ctx context.Context, current *record) (*record, bool) {
	found, err := s.read(pendingSuffix)
	if err != nil {
		s.log(ctx, slog.LevelDebug, "ignored an unfinished answer in the token store", map[string]any{"profile": s.profile})
		return nil, false
	}
	return found, found != nil && found.follows(current)
}

// pendingFile is the prepared place of an answer. It is filled with blanks
// beforehand, so that writing the answer needs no more room on the disk, and
// blanks after a document are harmless to the parser.
type pendingFile struct {
	store  *fileStore
	writer storeWriter
}

func (s *fileStore) prepare(_ context.Context, base *record) (slot, error) {
	p, err := s.reservePending(base)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *fileStore) reservePending(base *record) (*pendingFile, error) {
	document, err := s.encode(base)
	if err == nil && len(document)+reserve > maxDocument {
		err = errors.New("the record has grown too large; log in again to start a new one")
	}
	if err != nil {
		return nil, s.unwritable(err)
	}
	w, err := s.fs.Create(s.path(pendingSuffix))
	if err != nil {
		return nil, s.unwritable(err)
	}
	if err := overwrite(w, bytes.Repeat([]byte(" "), len(document)+reserve)); err != nil {
		return nil, s.unwritable(errors.Join(err, w.Close(), s.fs.Remove(s.path(pendingSuffix))))
	}
	return &pendingFile{store: s, writer: w}, nil
}

func (p *pendingFile) commit(ctx context.Context, rec *record) error {
	if err := p.write(ctx, rec); err != nil {
		return err
	}
	if err := p.store.retry(ctx, func() error { return p.store.rename(ctx, pendingSuffix) }); err != nil {
		return p.store.unsaved(err, true)
	}
	rec.Revision++
	return nil
}

// write makes the answer durable in the pending file. From here on a later run
// can complete what this one does not.
func (p *pendingFile) write(ctx context.Context, rec *record) error {
	data, err := p.store.encode(rec)
	if err != nil {
		return p.store.unsaved(errors.Join(err, p.writer.Close()), false)
	}
	err = p.store.retry(ctx, func() error { return overwrite(p.writer, data) })
	if closeErr := p.writer.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return p.store.unsaved(err, false)
	}
	return nil
}

func (p *pendingFile) discard(ctx context.Context) {
	if err := errors.Join(p.writer.Close(), p.store.fs.Remove(p.store.path(pendingSuffix))); err != nil {
		p.store.log(ctx, slog.LevelDebug, "left an empty pending file behind", map[string]any{"error": err.Error()})
	}
}

// retry repeats a local step that must not fail any more: the token is spent.
func (s *fileStore) retry(ctx context.Context, step func() error) error {
	err := step()
	for i := 1; i < saveAttempts && err != nil; i++ {
		if waitErr := wire.Sleep(ctx, s.clock, savePause); waitErr != nil {
			return errors.Join(err, waitErr)
		}
		err = step()
	}
	return err
}

// unsaved explains an error that came after the token was spent.
func (s *fileStore) unsaved(err error, kept bool) error {
	out := newError(ErrSaveFailed, "the token endpoint issued new tokens and they could not be saved", err)
	if kept {
		out.Summary += " (they are kept in " + s.path(pendingSuffix) + ")"
	}
	out.Attribute, out.Profile = "token_store", s.profile
	return out
}
