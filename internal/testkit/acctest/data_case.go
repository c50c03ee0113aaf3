package acctest

import (
	"reflect"
	"strings"
	"testing"
)

// DataCase is one reading of a data source and what must come of it: the
// attributes of Want, or one error.
type DataCase struct {
	Type   string
	Config map[string]any
	// Want are attributes that must have these values; others are not looked at.
	Want map[string]any
	// Check looks at all attributes; it may be nil.
	Check func(t *testing.T, attributes map[string]any)
	// Summary is the summary of the one error that must come; empty for none.
	Summary string
	// Path is the attribute that the error must point at; empty for none.
	Path string
	// Details are parts of the error's detail, NotDetail is none of it.
	Details   []string
	NotDetail string
}

// Run reads the data source with a provider of its own.
func (c DataCase) Run(t *testing.T, env *Env) {
	t.Helper()
	attributes, diags := env.Driver(t).ReadData(t.Context(), c.Type, c.Config)
	if c.Summary != "" {
		c.wantError(t, diags)
		return
	}
	if len(diags) > 0 {
		t.Fatalf("%s:\n%s", c.Type, diags)
	}
	for name, want := range c.Want {
		if got := attributes[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if c.Check != nil {
		c.Check(t, attributes)
	}
}

func (c DataCase) wantError(t *testing.T, diags Diagnostics) {
	t.Helper()
	if len(diags) != 1 || !diags[0].Error {
		t.Fatalf("%s: want one error, got %d:\n%s", c.Type, len(diags), diags)
	}
	if diags[0].Summary != c.Summary || diags[0].Path != c.Path {
		t.Errorf("got %q at %q, want %q at %q", diags[0].Summary, diags[0].Path, c.Summary, c.Path)
	}
	for _, detail := range c.Details {
		if !strings.Contains(diags[0].Detail, detail) {
			t.Errorf("detail %q lacks %q", diags[0].Detail, detail)
		}
	}
	if c.NotDetail != "" && strings.Contains(diags[0].Detail, c.NotDetail) {
		t.Errorf("detail %q has %q", diags[0].Detail, c.NotDetail)
	}
}
