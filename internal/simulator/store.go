package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// stateFormat is the version of the state file. A change of meaning raises it.
const stateFormat = 1

// savedState is the state file.
type savedState struct {
	Format   int             `json:"format"`
	Seed     uint64          `json:"seed"`
	Counter  uint64          `json:"counter"`
	Connects []*Connect      `json:"connects"`
	Accounts []*Account      `json:"accounts"`
	History  []*HistoryEntry `json:"history"`
	Grants   grants          `json:"grants"`
	Changes  []*change       `json:"changes,omitempty"`
}

// load reads the state file, if one is configured and there.
func (s *Service) load() error {
	path := s.cfg.StateFile
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the path is the user's own choice.
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the simulator's state file: %w", err)
	}
	saved := savedState{Grants: newGrants()}
	if err := json.Unmarshal(text, &saved); err != nil {
		return fmt.Errorf("state file %s is damaged; remove it to start afresh: %w", path, err)
	}
	if saved.Format != stateFormat {
		return fmt.Errorf("state file %s has format %d, this simulator reads %d; remove it to start afresh", path, saved.Format, stateFormat)
	}
	if saved.Seed != s.cfg.Seed {
		return fmt.Errorf("state file %s was made with seed %d, not %d; start with that seed or remove the file", path, saved.Seed, s.cfg.Seed)
	}
	s.counter, s.grants = saved.Counter, saved.Grants
	s.world = world{connects: saved.Connects, accounts: saved.Accounts, history: saved.History}
	if s.changes = saved.Changes; len(s.changes) > 0 {
		s.changeSeq = s.changes[len(s.changes)-1].Seq
	}
	for _, c := range saved.Connects {
		s.places[c.ID] = c.Seq
	}
	return nil
}

// save writes the state file when something changed since the last time. It is
// called before an answer leaves, so that what was answered survives a crash.
func (s *Service) save() error {
	if s.cfg.StateFile == "" || !s.dirty {
		return nil
	}
	text, err := json.Marshal(savedState{
		Format: stateFormat, Seed: s.cfg.Seed, Counter: s.counter, Grants: s.grants,
		Connects: s.world.connects, Accounts: s.world.accounts, History: s.world.history,
		Changes: s.changes[max(0, len(s.changes)-changesSaved):],
	})
	if err != nil {
		return fmt.Errorf("encode the simulator's state: %w", err)
	}
	if err := writeAtomically(s.cfg.StateFile, text); err != nil {
		return fmt.Errorf("write the simulator's state file: %w", err)
	}
	s.dirty = false
	return nil
}

// writeAtomically leaves either the old file or the new one, never a part. The
// mode is 0600 because the content is secret.
func writeAtomically(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close() // Closing twice only repeats the error.
			_ = os.Remove(temp.Name())
		}
	}()
	if _, err = temp.Write(text); err != nil {
		return err
	}
	if err = temp.Sync(); err != nil {
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes a rename last. Windows has no such call for directories.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir) //nolint:gosec // the directory of a file the user chose.
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

// WriteFileAtomically writes a private file (mode 0600) so that a reader sees
// all of it or none. The companion command uses it for its ready file.
func WriteFileAtomically(path string, text []byte) error { return writeAtomically(path, text) }
