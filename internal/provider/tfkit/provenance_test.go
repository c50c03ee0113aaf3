package tfkit_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

func TestProvenance(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		ops  []connectapi.OperationName
		want string
	}{
		"documented": {[]connectapi.OperationName{connectapi.GetProfile}, "Calls `get_profile` (documented)."},
		"assumed": {
			[]connectapi.OperationName{connectapi.GetApp, connectapi.ListApps},
			"Calls `get_app`, `list_apps` (assumed; see the provider's note on provenance).",
		},
		"both": {
			[]connectapi.OperationName{connectapi.ListConnects, connectapi.GetAction},
			"Calls `get_action` (documented) and `list_connects` (assumed; see the provider's note on provenance).",
		},
		"unknown to the table": {
			[]connectapi.OperationName{"get_weather"},
			"Calls `get_weather` (assumed; see the provider's note on provenance).",
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := tfkit.Provenance(test.ops...); got != test.want {
				t.Errorf("provenance %q, want %q", got, test.want)
			}
		})
	}
}
