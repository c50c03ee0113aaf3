package connect_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
)

// wantOneError wants one diagnostic, an error that says what went wrong and
// then what to do, and that the fault under test was met.
func wantOneError(t *testing.T, env *acctest.Env, diags acctest.Diagnostics) acctest.Diagnostic {
	t.Helper()

	if left := env.Sim.Faults(); len(left) > 0 {
		t.Fatalf("the fault was not met; the test proves nothing: %+v", left)
	}

	if len(diags) != 1 || !diags[0].Error {
		t.Fatalf("want one error, got:\n%s", diags)
	}

	return diags[0]
}

func wantDetails(t *testing.T, got acctest.Diagnostic, at string, details ...string) {
	t.Helper()

	if got.Path != at {
		t.Errorf("the error is at %q, want %q:\n%s\n%s", got.Path, at, got.Summary, got.Detail)
	}

	for _, detail := range details {
		if !strings.Contains(got.Detail, detail) {
			t.Errorf("the error lacks %q:\n%s\n%s", detail, got.Summary, got.Detail)
		}
	}
}
