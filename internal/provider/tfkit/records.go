package tfkit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Records remember connects that were created and that no state is known to
// hold. Terraform writes a resource to its state only after the creation has
// returned, and may die, or fail to save, before it has. So a creation is
// recorded from before the call until a later run shows the id in the state. A
// later creation of the same connect takes over what is recorded, instead of
// making a second one.
//
// They are files in Terraform's data folder, one a creation. Each names the run
// that made it, and a run holds the lock of its name for as long as its process
// lives: what belongs to a living run is not taken over.
type Records struct {
	dir string
	now func() time.Time

	mu sync.Mutex
	// run is this process, empty until it records something.
	run string
	// locks are held until the process ends: of this run, and of those that died
	// and whose records are taken over here.
	locks map[string]*flock.Flock
	// left are the records of other runs, as they were when first asked for.
	left   []*Record
	loaded bool
	// held are the connects that a state holds, as far as this run has seen.
	held map[string]bool
}

// Record is one creation.
type Record struct {
	// ConnectID is empty until the service has answered.
	ConnectID      string    `json:"connect_id,omitempty"`
	PopularMatchID string    `json:"popular_match_id"`
	Name           string    `json:"name"`
	BegunAt        time.Time `json:"begun_at"`
	Run            string    `json:"run"`

	file string
}

const (
	recordDir  = 0o700
	recordFile = 0o600
	// keptLocks is how long the lock of a run without records is kept.
	keptLocks = 24 * time.Hour
)

// NewRecords returns the records in a folder; without one nothing is remembered.
func NewRecords(dir string, now func() time.Time) *Records {
	return &Records{dir: dir, now: now, locks: map[string]*flock.Flock{}, held: map[string]bool{}}
}

// Begin records that a creation begins. It returns nil where there is no folder.
func (r *Records) Begin(popularMatchID, name string) (*Record, error) {
	if r.dir == "" {
		return nil, nil //nolint:nilnil // no record is an answer of its own.
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(); err != nil {
		return nil, err
	}
	record := &Record{PopularMatchID: popularMatchID, Name: name, BegunAt: r.now(), Run: r.run}
	file, err := os.CreateTemp(r.dir, "creation-*.json")
	if err != nil {
		return nil, fmt.Errorf("make the creation record: %w", err)
	}
	record.file = file.Name()
	return record, errors.Join(file.Close(), record.save())
}

// begin gives this process a name and locks it.
func (r *Records) begin() error {
	if r.run != "" {
		return nil
	}
	if err := os.MkdirAll(r.dir, recordDir); err != nil {
		return fmt.Errorf("make the folder of creation records: %w", err)
	}
	file, err := os.CreateTemp(r.dir, "run-*.lock")
	if err != nil {
		return fmt.Errorf("make the lock of creation records: %w", err)
	}
	_ = file.Close()
	name := strings.TrimSuffix(filepath.Base(file.Name()), ".lock")
	lock := flock.New(file.Name())
	if locked, err := lock.TryLock(); err != nil || !locked {
		return fmt.Errorf("lock the creation records: %w", errors.Join(err, errors.New("another process has them")))
	}
	r.run, r.locks[name] = name, lock
	return nil
}

// Made adds the id of the connect. A record without it is found by its name.
func (r *Record) Made(id string) error {
	if r == nil {
		return nil
	}
	r.ConnectID = id
	return r.save()
}

// Drop forgets a creation that certainly made nothing.
func (r *Record) Drop() {
	if r != nil {
		_ = os.Remove(r.file)
	}
}

// save replaces the file as a whole, so that what was recorded is never lost.
func (r *Record) save() error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode the creation record: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(r.file), "draft-*")
	if err != nil {
		return fmt.Errorf("write the creation record: %w", err)
	}
	_, err = draft.Write(raw)
	if err = errors.Join(err, draft.Sync(), draft.Chmod(recordFile), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), r.file)
	}
	if err != nil {
		_ = os.Remove(draft.Name())
		return fmt.Errorf("write the creation record: %w", err)
	}
	return nil
}

// Abandoned returns a recorded creation of a connect whose run has ended, and
// keeps it for this process; nil when there is none.
func (r *Records) Abandoned(popularMatchID, name string) *Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	for i, record := range r.left {
		if record.PopularMatchID == popularMatchID && record.Name == name && r.ended(record.Run) {
			r.left = slices.Delete(r.left, i, i+1)
			return record
		}
	}
	return nil
}

// Knows reports whether a connect is accounted for: a state holds it, or an
// earlier run recorded that it made it.
func (r *Records) Knows(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	return r.held[id] || slices.ContainsFunc(r.left, func(record *Record) bool { return record.ConnectID == id })
}

// Held notes that a state holds a connect, and forgets what earlier runs
// recorded of it. It returns when they began to make it, zero without a record.
func (r *Records) Held(id string) (begun time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	r.held[id] = true
	r.left = slices.DeleteFunc(r.left, func(record *Record) bool {
		if record.ConnectID != id {
			return false
		}
		record.Drop()
		begun = record.BegunAt
		return true
	})
	return begun
}

// ended reports whether the process of a run has ended. Its lock then is this
// process's, so that nobody else takes over the same.
func (r *Records) ended(run string) bool {
	if run == r.run {
		return false
	}
	if r.locks[run] != nil {
		return true
	}
	lock := flock.New(filepath.Join(r.dir, filepath.Base(run)+".lock"))
	if locked, err := lock.TryLock(); err != nil || !locked {
		return false
	}
	r.locks[run] = lock
	return true
}

// load reads the records once. One that cannot be read was cut off before the
// service was called.
func (r *Records) load() {
	if r.loaded || r.dir == "" {
		return
	}
	r.loaded = true
	files, _ := filepath.Glob(filepath.Join(r.dir, "creation-*.json"))
	runs := map[string]bool{}
	for _, file := range files {
		record := &Record{file: file}
		raw, err := os.ReadFile(file) //nolint:gosec // the file was found in the provider's own folder.
		if err == nil && json.Unmarshal(raw, record) == nil && record.Run != r.run {
			r.left = append(r.left, record)
			runs[record.Run] = true
		}
	}
	locks, _ := filepath.Glob(filepath.Join(r.dir, "run-*.lock"))
	for _, file := range locks {
		name := strings.TrimSuffix(filepath.Base(file), ".lock")
		if info, err := os.Stat(file); err == nil && !runs[name] && time.Since(info.ModTime()) > keptLocks && r.ended(name) {
			_ = os.Remove(file)
		}
	}
}

// RecordDir returns the folder of creation records, which belongs to one
// working directory, workspace, backend and account, or "" where Terraform
// keeps no data folder. account tells accounts apart and is not secret.
func RecordDir(account string) string {
	data := os.Getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	data, err := filepath.Abs(data)
	if err != nil {
		return ""
	}
	if info, err := os.Stat(data); err != nil || !info.IsDir() { //nolint:gosec // TF_DATA_DIR is the user's own choice of Terraform's folder.
		return ""
	}
	// The same directory may be initialized with another backend, and then
	// holds another state.
	backend, _ := os.ReadFile(filepath.Join(data, "terraform.tfstate")) //nolint:gosec // Terraform's own folder.
	workspace, _ := os.ReadFile(filepath.Join(data, "environment"))     //nolint:gosec // Terraform's own folder.
	sum := sha256.Sum256([]byte(strings.Join([]string{account, string(backend), string(workspace), os.Getenv("TF_WORKSPACE")}, "\x00")))
	const digits = 16
	return filepath.Join(data, "appypie", hex.EncodeToString(sum[:digits]))
}
