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
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Terraform writes a resource to its state only when the creation returns. If
// Terraform is killed before that, the connect exists and nobody knows its id.
// So every creation is recorded in the working directory's data folder, from
// the moment the id is known until the creation returns. A later creation of
// the same connect finishes the recorded one instead of making a second.
//
// The process that creates holds a lock on the record. A record that can be
// locked is one whose process died.

// record is a creation in progress.
type record struct {
	ConnectID      string    `json:"connect_id"`
	PopularMatchID string    `json:"popular_match_id"`
	Name           string    `json:"name"`
	CreatedAt      time.Time `json:"created_at"`

	lock   *flock.Flock
	parent int
}

// recordPrefix tells records of one connect apart from those of others.
func recordPrefix(popularMatchID, name string) string {
	sum := sha256.Sum256([]byte(popularMatchID + "\x00" + name))

	const digits = 12

	return hex.EncodeToString(sum[:digits]) + "-"
}

// openRecord remembers that a connect is being created. Without a folder to
// write to, nothing is remembered.
func openRecord(dir string, r record) (*record, error) {
	r.parent = os.Getppid()

	if dir == "" {
		return &r, nil
	}

	const (
		privateDir  = 0o700
		privateFile = 0o600
	)

	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode the creation record: %w", err)
	}

	if err := os.MkdirAll(dir, privateDir); err != nil {
		return nil, fmt.Errorf("make the folder of creation records: %w", err)
	}

	file := filepath.Join(dir, recordPrefix(r.PopularMatchID, r.Name)+r.ConnectID+".json")
	r.lock = flock.New(file, flock.SetPermissions(privateFile))

	if _, err := r.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("lock the creation record: %w", err)
	}

	written, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, privateFile) //nolint:gosec // the name is made here.
	if err == nil {
		_, err = written.Write(raw)
		err = errors.Join(err, written.Sync(), written.Close())
	}

	if err != nil {
		_ = r.lock.Unlock()
		_ = os.Remove(file)

		return nil, fmt.Errorf("write the creation record: %w", err)
	}

	return &r, nil
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
		if err == nil && json.Unmarshal(raw, &found) == nil && tfkit.ValidID(found.ConnectID) {
			return &found
		}

		// A record without an id was cut off before it was written whole, or
		// removed between finding and locking it.
		_ = os.Remove(file)
		_ = lock.Unlock()
	}

	return nil
}

// make creates the connect, or takes over one whose creation by this
// configuration was interrupted. The record stays until it is closed.
func (r *connectResource) make(ctx context.Context, plan connectModel, diags *diag.Diagnostics) (*connectapi.Connect, *record, bool) {
	match, name := plan.PopularMatchID.ValueString(), plan.Name.ValueString()

	if found := takeRecord(r.Provider.RecordDir, match, name); found != nil {
		connect, err := r.Provider.Client.Connect(ctx, found.ConnectID)

		switch {
		case err == nil:
			diags.AddWarning("Took over an interrupted creation",
				fmt.Sprintf("An earlier apply in this working directory made the connect %s (%q) and was interrupted before Terraform learned of it. It is finished now instead of making a second one.", connect.ID, name))

			return connect, found, true
		case !connectapi.IsNotFound(err):
			tfkit.AddError(diags, fmt.Sprintf("Cannot look for an interrupted creation of the connect %q", name), err)

			_ = found.lock.Unlock()

			return nil, nil, false
		}

		found.close(ctx)
	}

	created, err := r.Provider.Client.CreateConnect(ctx, match, name)
	if err != nil {
		tfkit.AddError(diags, fmt.Sprintf("Cannot create the connect %q", name), err)

		return nil, nil, false
	}

	opened, err := openRecord(r.Provider.RecordDir, record{ConnectID: created.ID, PopularMatchID: match, Name: name, CreatedAt: r.Provider.Now()})
	if err != nil {
		diags.AddWarning("Creation is not recorded",
			fmt.Sprintf("If Terraform is killed before this apply ends, the connect %s may be created a second time: %s. Make the data folder of the working directory (.terraform) writable.", created.ID, err))
	}

	return created, opened, true
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
