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
		"documented": {[]connectapi.OperationName{connectapi.GetProfile}, "Calls the documented operation `get_profile`."},
		"assumed": {
			[]connectapi.OperationName{connectapi.GetApp, connectapi.ListApps},
			"Calls the assumed operations `get_app` and `list_apps`.",
		},
		"both": {
			[]connectapi.OperationName{connectapi.ListConnects, connectapi.GetAction, connectapi.ListApps, connectapi.GetApp},
			"Calls the documented operation `get_action`, and the assumed operations `list_connects`, `list_apps` and `get_app`.",
		},
		"unknown to the table": {
			[]connectapi.OperationName{"get_weather"},
			"Calls the assumed operation `get_weather`.",
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
