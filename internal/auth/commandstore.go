package auth

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// conflictExit is the exit status by which a put command says that the
	// stored revision is not the expected one.
	conflictExit = 3
	// claimMargin is added to the time that an exchange may take, for the
	// commands of the store.
	claimMargin = 15 * time.Second
)

// commandStore keeps a lineage where two commands of the configuration put it,
// such as a secret manager. The commands see these environment variables:
//
//	APPYPIE_STORE_KEY                address of the lineage, 64 hex digits
//	APPYPIE_STORE_PROFILE            name of the profile
//	APPYPIE_STORE_REVISION           put only: revision being written
//	APPYPIE_STORE_EXPECTED_REVISION  put only: revision it replaces, 0 for none
//
// The get command prints the document, or nothing when there is none. The put
// command reads it from standard input, stores it only if the stored revision is
// the expected one, and otherwise exits with status 3. Revisions count writes,
// as the versions of a Vault KV secret do.
//
// Processes of one machine share a lock file. Between machines the note of the
// intent is the claim: only one machine's write of it succeeds. The answer of an
// exchange is written to a file first and handed to the put command then, so
// that a failed put loses nothing.
type commandStore struct {
	*fileStore

	get, put []string
	timeout  time.Duration
	wait     time.Duration
	secrets  []string
}

func newCommandStore(cfg Config, file *fileStore) *commandStore {
	return &commandStore{
		fileStore: file, get: cfg.Store.GetCommand, put: cfg.Store.PutCommand, timeout: cfg.TokenCommandTimeout,
		secrets: cfg.secrets(),
		wait:    2*cfg.ExchangeTimeout + exchangePause + claimMargin,
	}
}

func (s *commandStore) location() string        { return "the store of " + s.get[0] }
func (s *commandStore) patience() time.Duration { return s.wait }

func (s *commandStore) environment() []string {
	return []string{"APPYPIE_STORE_KEY=" + s.key, "APPYPIE_STORE_PROFILE=" + s.profile}
}

func (s *commandStore) load(ctx context.Context) (*record, error) {
	// White space around a document is harmless, a document cut short is not.
	data, err := program{argv: s.get, env: s.environment(), timeout: s.timeout, limit: maxDocument, secrets: s.secrets}.run(ctx)
	if err != nil {
		return nil, s.failed("get_command", err)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil //nolint:nilnil // Nothing stored is no error.
	}
	rec, err := s.decode(data)
	if err != nil {
		return nil, explainStore(err, s.location(), s.profile)
	}
	return rec, nil
}

func (s *commandStore) save(ctx context.Context, rec *record) error {
	data, err := s.encode(rec)
	if err != nil {
		return s.unwritable(err)
	}
	if err := s.store(ctx, data, rec); err != nil {
		err = s.failed("put_command", err)
		if !errors.Is(err, ErrStoreConflict) || !s.holds(ctx, rec) {
			return err
		}
	}
	rec.Revision++
	return nil
}

// holds reports whether a put that reported a conflict was only the repetition of
// one that had succeeded and could not say so.
func (s *commandStore) holds(ctx context.Context, rec *record) bool {
	stored, err := s.load(ctx)
	if err != nil || stored == nil {
		return false
	}
	wanted := rec.clone()
	wanted.Revision++
	a, errA := stored.serialize()
	b, errB := wanted.serialize()
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// store hands a document to the put command.
func (s *commandStore) store(ctx context.Context, data []byte, rec *record) error {
	env := append(s.environment(),
		"APPYPIE_STORE_REVISION="+strconv.FormatInt(rec.Revision+1, 10),
		"APPYPIE_STORE_EXPECTED_REVISION="+strconv.FormatInt(rec.Revision, 10))
	_, err := program{
		argv: s.put, env: env, stdin: data, timeout: s.timeout, limit: maxAnswer,
		secrets: append(slices.Clip(s.secrets), rec.AccessToken, rec.RefreshToken),
	}.run(ctx)
	return err
}

// failed explains a command that failed before anything was spent.
func (s *commandStore) failed(attribute string, err error) error {
	if wire.Interrupted(err) {
		return err
	}
	out := newError(ErrStoreCommand, attribute+" of the token store failed", err)
	if failed, ok := errors.AsType[*programError](err); ok && attribute == "put_command" && failed.code == conflictExit {
		out.Kinds = []error{ErrStoreConflict}
		out.Summary = "the token store was changed by someone else at the same time"
	}
	out.Attribute, out.Profile = "token_store."+attribute, s.profile
	return out
}

// rescue hands over an answer that an earlier run could not.
func (s *commandStore) rescue(ctx context.Context, current *record) (*record, error) {
	found, ok := s.finished(ctx, current)
	if !ok {
		return current, nil
	}
	found.Revision = current.Revision
	if err := s.save(ctx, found); err != nil {
		return nil, err
	}
	s.forget(ctx)
	return found, nil
}

// prepare reserves the rescue file, which is where a failed put leaves the pair.
func (s *commandStore) prepare(_ context.Context, base *record) (slot, error) {
	pending, err := s.reservePending(base)
	if err != nil {
		return nil, err
	}
	return &commandSlot{pendingFile: pending, commands: s}, nil
}

type commandSlot struct {
	*pendingFile

	commands *commandStore
}

func (c *commandSlot) commit(ctx context.Context, rec *record) error {
	if err := c.write(ctx, rec); err != nil {
		return err
	}
	err := c.commands.retry(ctx, func() error { return c.commands.save(ctx, rec) })
	if err != nil {
		return c.commands.unsaved(err, true)
	}
	c.commands.forget(ctx)
	return nil
}

// forget removes the rescue file once its content is where it belongs.
func (s *commandStore) forget(ctx context.Context) {
	if err := s.fs.Remove(s.path(pendingSuffix)); err != nil {
		s.log(ctx, slog.LevelWarn, "the rescue file of the token store could not be removed", map[string]any{"error": err.Error()})
	}
}
