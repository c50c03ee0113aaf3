package tfkit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// The private state of a resource remembers what neither the configuration nor
// the service can tell. A key is there only while it says something.
const (
	pendingKey    = "pending"
	importedKey   = "imported"
	incompleteKey = "incomplete"
	shownKey      = "shown"
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
// says so, and the next apply does it.
type Pending struct {
	// TurnOn: the connect is off and has to be turned on.
	TurnOn bool `json:"turn_on,omitempty"`
	// Test: the connect has to be tested.
	Test bool `json:"test,omitempty"`
}

// Any reports whether anything is left to do.
func (p Pending) Any() bool { return p.TurnOn || p.Test }

// Warn says what the next apply does of what an earlier one left.
func (p Pending) Warn(diags *diag.Diagnostics, connectID string) {
	if !p.Any() {
		return
	}
	var left []string
	if p.Test {
		left = append(left, "test it")
	}
	if p.TurnOn {
		left = append(left, "turn it on (it is off now)")
	}
	Warning(diags, errcode.WorkLeft,
		fmt.Sprintf("Left to do for the connect %s: %s.", connectID, strings.Join(left, ", and ")))
}

// Private is what the private state of a resource says.
type Private struct {
	Pending Pending
	// Imported: the state came from an import and nothing was written since.
	Imported bool
	// Incomplete: the creation failed after the object was made.
	Incomplete bool
}

// ReadPrivate reads the private state.
func ReadPrivate(ctx context.Context, private privateReader, diags *diag.Diagnostics) Private {
	var p Private
	readPrivate(ctx, private, pendingKey, &p.Pending, diags)
	readPrivate(ctx, private, importedKey, &p.Imported, diags)
	readPrivate(ctx, private, incompleteKey, &p.Incomplete, diags)
	return p
}

// WritePrivate replaces the private state.
func WritePrivate(ctx context.Context, private privateWriter, p Private, diags *diag.Diagnostics) {
	writePrivate(ctx, private, pendingKey, p.Pending, p.Pending.Any(), diags)
	writePrivate(ctx, private, importedKey, true, p.Imported, diags)
	writePrivate(ctx, private, incompleteKey, true, p.Incomplete, diags)
}

// ReadShown reads what the service showed for what was declared otherwise.
func ReadShown[S any](ctx context.Context, private privateReader, diags *diag.Diagnostics) S {
	var shown S
	readPrivate(ctx, private, shownKey, &shown, diags)
	return shown
}

func readPrivate(ctx context.Context, private privateReader, key string, target any, diags *diag.Diagnostics) {
	raw, getDiags := private.GetKey(ctx, key)
	diags.Append(getDiags...)
	if len(raw) == 0 {
		return
	}
	if err := json.Unmarshal(raw, target); err != nil {
		Error(diags, errcode.PrivateStateDamaged, fmt.Sprintf("The private state %q is damaged: %s.", key, err))
	}
}

// writePrivate sets a key, or removes it where there is nothing to say: every
// byte of a state is written again and again.
func writePrivate(ctx context.Context, private privateWriter, key string, value any, some bool, diags *diag.Diagnostics) {
	if !some {
		diags.Append(private.SetKey(ctx, key, nil)...)
		return
	}
	raw, err := json.Marshal(value)
	if err != nil {
		Error(diags, errcode.PrivateStateUnsaved, err.Error()+".")
		return
	}
	diags.Append(private.SetKey(ctx, key, raw)...)
}
