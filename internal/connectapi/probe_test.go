package connectapi_test

import (
	"net/http"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// A variant that is no valid override could not be suggested.
func TestVariantsAreOverrides(t *testing.T) {
	t.Parallel()

	table, err := connectapi.Operations(nil)
	if err != nil {
		t.Fatal(err)
	}

	for _, op := range table {
		t.Run(string(op.Name), func(t *testing.T) {
			t.Parallel()

			seen := map[string]bool{op.Method + " " + op.Path: true}

			for _, variant := range connectapi.Variants(op.Name) {
				if _, err := connectapi.Operations(map[string]string{string(op.Name): variant}); err != nil {
					t.Error(err)
				}

				if seen[variant] {
					t.Errorf("%s is tried twice", variant)
				}

				seen[variant] = true
			}

			if guessed := len(seen) > 1; guessed && op.Method != http.MethodGet {
				t.Errorf("a %s is guessed at", op.Method)
			}
		})
	}
}
