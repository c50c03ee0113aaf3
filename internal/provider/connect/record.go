package connect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Terraform writes a resource to its state only when the creation returns. If
// Terraform is killed before that, the connect exists and nobody knows its id.
// So every creation is recorded in the working directory's data folder: that it
// has begun, then the id, until the creation returns. A later creation of the
// same connect finishes the recorded one instead of making a second.
//
// The process that creates holds a lock on the record. A record that can be
// locked is one whose process died.

// record is a creation in progress.
type record struct {
	// ConnectID is empty until the service has answered.
	ConnectID      string    `json:"connect_id"`
	PopularMatchID string    `json:"popular_match_id"`
	Name           string    `json:"name"`
	BegunAt        time.Time `json:"begun_at"`

	lock   *flock.Flock
	parent int
}

// recordPrefix tells records of one connect apart from those of others.
func recordPrefix(popularMatchID, name string) string {
	sum := sha256.Sum256([]byte(popularMatchID + "\x00" + name))

	const digits = 12

	return hex.EncodeToString(sum[:digits]) + "-"
}

// openRecord remembers that the creation of a connect begins. Without a folder
// to write to, nothing is remembered.
func openRecord(dir string, r record) (*record, error) {
	r.parent = os.Getppid()

	if dir == "" {
		return &r, nil
	}

	const privateDir = 0o700

	if err := os.MkdirAll(dir, privateDir); err != nil {
		return nil, fmt.Errorf("make the folder of creation records: %w", err)
	}

	file, err := os.CreateTemp(dir, recordPrefix(r.PopularMatchID, r.Name)+"*.json")
	if err != nil {
		return nil, fmt.Errorf("make the creation record: %w", err)
	}

	r.lock = flock.New(file.Name())
	_, lockErr := r.lock.TryLock()

	if err := errors.Join(file.Close(), lockErr, r.save()); err != nil {
		_ = os.Remove(file.Name())
		_ = r.lock.Unlock()

		return nil, err
	}

	return &r, nil
}

// save writes the record. A record that is cut off half-way counts as one that
// was never written.
func (r *record) save() error {
	if r.lock == nil {
		return nil
	}

	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode the creation record: %w", err)
	}

	const privateFile = 0o600

	file, err := os.OpenFile(r.lock.Path(), os.O_WRONLY|os.O_TRUNC, privateFile)
	if err == nil {
		_, err = file.Write(raw)
		err = errors.Join(err, file.Sync(), file.Close())
	}

	if err != nil {
		return fmt.Errorf("write the creation record: %w", err)
	}

	return nil
}

// close forgets the record, because the creation returns to Terraform, which
// then knows the connect. It stays when there is no Terraform to return to.
func (r *record) close(ctx context.Context) {
	if r == nil || r.lock == nil {
		return
	}

	if ctx.Err() == nil || os.Getppid() == r.parent {
		_ = os.Remove(r.lock.Path())
	}

	_ = r.lock.Unlock()
}

// keep leaves the record for a later creation to find.
func (r *record) keep() {
	if r != nil && r.lock != nil {
		_ = r.lock.Unlock()
	}
}

// takeRecord finds a recorded creation of the same connect whose process died.
func takeRecord(dir, popularMatchID, name string) *record {
	if dir == "" {
		return nil
	}

	files, err := filepath.Glob(filepath.Join(dir, recordPrefix(popularMatchID, name)+"*.json"))
	if err != nil {
		return nil
	}

	for _, file := range files {
		lock := flock.New(file)
		if locked, err := lock.TryLock(); err != nil || !locked {
			continue
		}

		raw, err := os.ReadFile(file) //nolint:gosec // the file was found in the provider's own folder.

		found := record{lock: lock, parent: os.Getppid()}
		if err == nil && json.Unmarshal(raw, &found) == nil && found.PopularMatchID == popularMatchID && found.Name == name {
			return &found
		}

		// It was cut off before it was written whole, and so before the service
		// was called, or removed between finding and locking it.
		_ = os.Remove(file)
		_ = lock.Unlock()
	}

	return nil
}

// make creates the connect, or takes over one whose creation by this
// configuration was interrupted. The record stays until it is closed.
func (r *connectResource) make(ctx context.Context, plan connectModel, diags *diag.Diagnostics) (*connectapi.Connect, *record, bool) {
	match, name := plan.PopularMatchID.ValueString(), plan.Name.ValueString()

	current := takeRecord(r.Provider.RecordDir, match, name)
	if current != nil {
		connect, err := r.interrupted(ctx, current)
		if err != nil {
			tfkit.AddError(diags, fmt.Sprintf("Cannot look for an interrupted creation of the connect %q", name), err)
			current.keep()

			return nil, nil, false
		}

		if connect != nil {
			tfkit.Warning(diags, problem.TookOverInterrupted, "Took over an interrupted creation",
				fmt.Sprintf("An earlier apply in this working directory made the connect %s (%q) and was interrupted before Terraform learned of it. It is finished now instead of making a second one.", connect.ID, name))

			return connect, current, true
		}

		current.ConnectID, current.BegunAt = "", r.Provider.Now()
		// What cannot be written now was written before.
		_ = current.save()
	} else {
		opened, err := openRecord(r.Provider.RecordDir, record{PopularMatchID: match, Name: name, BegunAt: r.Provider.Now()})
		if err != nil {
			tfkit.Warning(diags, problem.CreationNotRecorded, "Creation is not recorded",
				fmt.Sprintf("If Terraform is killed before this apply ends, the connect %q may be created a second time: %s. Make the data folder of the working directory (.terraform) writable.", name, err))
		}

		current = opened
	}

	return r.create(ctx, match, name, current, diags)
}

// interrupted returns the connect of a record, or nil when there is none.
func (r *connectResource) interrupted(ctx context.Context, found *record) (*connectapi.Connect, error) {
	if !tfkit.ValidID(found.ConnectID) {
		return r.Provider.Client.FindInterrupted(ctx, found.PopularMatchID, found.Name, found.BegunAt) //nolint:wrapcheck // it says what it looked for.
	}

	connect, err := r.Provider.Client.Connect(ctx, found.ConnectID)
	if connectapi.IsNotFound(err) {
		return nil, nil //nolint:nilnil // it was deleted meanwhile, so there is nothing to finish.
	}

	return connect, err //nolint:wrapcheck // it names the connect.
}

func (r *connectResource) create(ctx context.Context, match, name string, current *record, diags *diag.Diagnostics) (*connectapi.Connect, *record, bool) {
	created, adopted, err := r.Provider.Client.CreateConnect(ctx, match, name)
	if err != nil {
		tfkit.AddError(diags, fmt.Sprintf("Cannot create the connect %q", name), err)

		// A later creation may find out what became of this one.
		if connectapi.OutcomeUnknown(err) {
			current.keep()
		} else {
			current.close(ctx)
		}

		return nil, nil, false
	}

	if adopted {
		tfkit.Warning(diags, problem.TookOverUnanswered, "Took over a new connect",
			fmt.Sprintf("The answer to the creation of %q was lost. The service shows exactly one new connect of that popular match and name, %s, so it is taken for the one that was created.", name, created.ID))
	}

	if current != nil {
		current.ConnectID = created.ID
		// Without the id, a later creation looks for the connect by its name.
		_ = current.save()
	}

	return created, current, true
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
