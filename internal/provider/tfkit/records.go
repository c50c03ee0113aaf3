package tfkit

import (
	"bytes"
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
// They are in Terraform's data folder, a file for each run with a line for each
// thing that became known of a creation. A run holds the lock of its name for as
// long as its process lives: what belongs to a living run is not taken over.
type Records struct {
	dir string
	now func() time.Time

	mu sync.Mutex
	// run is this process, nil until it records something.
	run *journal
	// left are the records of other runs, as they were when first asked for; made
	// are those of them that have an id.
	left   []*Record
	made   map[string]*Record
	loaded bool
	// known are the connects that a state holds or this run made, as far as it has
	// seen.
	known map[string]bool
}

// Record is one creation, or what a line adds to it.
type Record struct {
	Number int `json:"number"`
	// PopularMatchID, Name and BegunAt are in the first line of a creation.
	PopularMatchID string    `json:"popular_match_id,omitempty"`
	Name           string    `json:"name,omitempty"`
	BegunAt        time.Time `json:"begun_at,omitzero"`
	// ConnectID is empty until the service has answered.
	ConnectID string `json:"connect_id,omitempty"`
	// Settled: there is nothing left to remember.
	Settled bool `json:"settled,omitempty"`

	of *Records
	in *journal
}

// journal is the file of a run.
type journal struct {
	name string
	// file is open once something is written.
	file *os.File
	// lock is held until this process ends: of its own run, or of one that died
	// and whose records are taken over here.
	lock *flock.Flock
	// count is how many records there are, open how many are not settled.
	count, open int
}

const (
	recordDir  = 0o700
	recordFile = 0o600
	journalExt = ".jsonl"
	lockExt    = ".lock"
)

// NewRecords returns the records in a folder; without one nothing is remembered.
func NewRecords(dir string, now func() time.Time) *Records {
	return &Records{dir: dir, now: now, made: map[string]*Record{}, known: map[string]bool{}}
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
	r.run.count++
	record := &Record{Number: r.run.count, PopularMatchID: popularMatchID, Name: name, BegunAt: r.now(), of: r, in: r.run}
	if err := r.run.write(record); err != nil {
		return record, err
	}
	// A creation must be found even after a loss of power. Its id need not be on
	// disk by then: by its name it is found too.
	return record, r.run.file.Sync()
}

// begin gives this process a name. Its file is there only once it is locked, so
// that nobody takes it for one of a run that has ended.
func (r *Records) begin() error {
	if r.run != nil {
		return nil
	}
	if err := os.MkdirAll(r.dir, recordDir); err != nil {
		return fmt.Errorf("make the folder of creation records: %w", err)
	}
	file, err := os.CreateTemp(r.dir, "run-*"+lockExt)
	if err != nil {
		return fmt.Errorf("make the lock of creation records: %w", err)
	}
	_ = file.Close()
	run := &journal{name: strings.TrimSuffix(file.Name(), lockExt)}
	if !run.take() {
		return errors.New("lock the creation records: another process has them")
	}
	r.run = run
	return nil
}

// take locks a run that has ended, for as long as this process lives, so that
// nobody else takes over the same. It reports whether this process has it.
func (j *journal) take() bool {
	if j.lock != nil {
		return true
	}
	lock := flock.New(j.name + lockExt)
	if locked, err := lock.TryLock(); err != nil || !locked {
		return false
	}
	j.lock = lock
	return true
}

// write adds a line.
func (j *journal) write(line *Record) error {
	raw, err := json.Marshal(line)
	if err == nil && j.file == nil {
		j.file, err = os.OpenFile(j.name+journalExt, os.O_CREATE|os.O_APPEND|os.O_WRONLY, recordFile)
	}
	if err == nil {
		_, err = j.file.Write(append(raw, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the creation record: %w", err)
	}
	return nil
}

// settle counts a record down, and removes the file of an ended run of which
// nothing is left.
func (j *journal) settle(record *Record) {
	record.Settled = true
	if j.open--; j.open > 0 || !j.take() {
		return
	}
	if j.file != nil {
		_ = j.file.Close()
	}
	_ = os.Remove(j.name + journalExt)
	_ = j.lock.Close()
	_ = os.Remove(j.name + lockExt)
}

// Made notes that this run made a connect, and adds the id to its record, if there
// is one. A record without an id is found by its name.
func (r *Records) Made(record *Record, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[id] = true
	if record == nil {
		return nil
	}
	record.ConnectID = id
	return record.in.write(&Record{Number: record.Number, ConnectID: id})
}

// Drop forgets a creation that certainly made nothing.
func (r *Record) Drop() {
	if r == nil {
		return
	}
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	_ = r.in.write(&Record{Number: r.Number, Settled: true})
	if r.in != r.of.run {
		r.in.settle(r)
	}
}

// Abandoned returns a recorded creation of a connect whose run has ended, and
// keeps it for this process; nil when there is none.
func (r *Records) Abandoned(popularMatchID, name string) *Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	for i, record := range r.left {
		if !record.Settled && record.PopularMatchID == popularMatchID && record.Name == name && record.in.take() {
			r.left = slices.Delete(r.left, i, i+1)
			return record
		}
	}
	return nil
}

// Knows reports whether a connect is accounted for: a state holds it, or it was
// recorded that a run made it.
func (r *Records) Knows(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	return r.known[id] || r.made[id] != nil
}

// Held notes that a state holds a connect, and forgets what earlier runs
// recorded of it. It returns when they began to make it, zero without a record.
func (r *Records) Held(id string) (begun time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	r.known[id] = true
	record := r.made[id]
	if record == nil {
		return time.Time{}
	}
	delete(r.made, id)
	if !record.Settled {
		record.in.settle(record)
	}
	return record.BegunAt
}

// load reads the records of other runs once. A line that cannot be read was cut
// off before the service was called.
func (r *Records) load() {
	if r.loaded || r.dir == "" {
		return
	}
	r.loaded = true
	files, _ := filepath.Glob(filepath.Join(r.dir, "run-*"+journalExt))
	for _, file := range files {
		run := &journal{name: strings.TrimSuffix(file, journalExt)}
		raw, err := os.ReadFile(file) //nolint:gosec // the file was found in the provider's own folder.
		if err != nil || r.run != nil && r.run.name == run.name {
			continue
		}
		for _, record := range read(raw) {
			record.of, record.in = r, run
			run.open++
			r.left = append(r.left, record)
			if record.ConnectID != "" {
				r.made[record.ConnectID] = record
			}
		}
		if run.open == 0 {
			run.settle(&Record{})
		}
	}
}

// read puts together what the lines of a run say of each creation that is not
// settled, in their order.
func read(raw []byte) []*Record {
	var all []*Record
	known := map[int]*Record{}
	for line := range bytes.Lines(raw) {
		var one Record
		if json.Unmarshal(line, &one) != nil {
			continue
		}
		record := known[one.Number]
		if record == nil {
			record = &one
			known[one.Number] = record
			all = append(all, record)
		}
		if one.ConnectID != "" {
			record.ConnectID = one.ConnectID
		}
		record.Settled = record.Settled || one.Settled
	}
	return slices.DeleteFunc(all, func(record *Record) bool { return record.Settled })
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
