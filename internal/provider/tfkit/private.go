package tfkit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
)

// The private state of a resource remembers what neither the configuration nor
// the service can tell.
const (
	pendingKey    = "pending"
	adoptedKey    = "adopted"
	incompleteKey = "incomplete"
)

// privateReader and privateWriter are the framework's private state, whose
// type has no public name.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Pending is what an apply that failed half-way left to do. The next plan
// shows it as a change, and the next apply does it.
type Pending struct {
	// TurnOn: the connect was paused and has to be turned on again.
	TurnOn bool `json:"turn_on"`
	// Test: the connect has to be tested.
	Test bool `json:"test"`
}

// Any tells whether anything is left to do.
func (p Pending) Any() bool { return p.TurnOn || p.Test }

// ReadPending reads what an earlier apply left to do.
func ReadPending(ctx context.Context, private privateReader, diags *diag.Diagnostics) Pending {
	var pending Pending

	readPrivate(ctx, private, pendingKey, &pending, diags)

	return pending
}

// WritePending remembers what is left to do.
func WritePending(ctx context.Context, private privateWriter, pending Pending, diags *diag.Diagnostics) {
	writePrivate(ctx, private, pendingKey, pending, diags)
}

// IsAdopted tells whether the state came from an import and nothing was
// written since.
func IsAdopted(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	var adopted bool

	readPrivate(ctx, private, adoptedKey, &adopted, diags)

	return adopted
}

// SetAdopted marks a state as imported.
func SetAdopted(ctx context.Context, private privateWriter, diags *diag.Diagnostics) {
	writePrivate(ctx, private, adoptedKey, true, diags)
}

// ClearAdopted marks a state as written by an apply.
func ClearAdopted(ctx context.Context, private privateWriter, diags *diag.Diagnostics) {
	writePrivate(ctx, private, adoptedKey, false, diags)
}

// IsIncomplete tells whether the creation failed after the object was made.
func IsIncomplete(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	var incomplete bool

	readPrivate(ctx, private, incompleteKey, &incomplete, diags)

	return incomplete
}

// SetIncomplete marks an object whose creation failed half-way.
func SetIncomplete(ctx context.Context, private privateWriter, diags *diag.Diagnostics) {
	writePrivate(ctx, private, incompleteKey, true, diags)
}

func readPrivate(ctx context.Context, private privateReader, key string, target any, diags *diag.Diagnostics) {
	raw, getDiags := private.GetKey(ctx, key)
	diags.Append(getDiags...)

	if len(raw) == 0 {
		return
	}

	if err := json.Unmarshal(raw, target); err != nil {
		Error(diags, problem.PrivateStateDamaged, "Private state cannot be read", fmt.Sprintf("The private state %q is damaged: %s. Remove the resource from the state and import it again.", key, err))
	}
}

func writePrivate(ctx context.Context, private privateWriter, key string, value any, diags *diag.Diagnostics) {
	raw, err := json.Marshal(value)
	if err != nil {
		Error(diags, problem.PrivateStateUnsaved, "Private state cannot be written", err.Error()+". Please report this fault of the provider.")

		return
	}

	diags.Append(private.SetKey(ctx, key, raw)...)
}
