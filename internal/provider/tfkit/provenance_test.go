package tfkit_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

func TestProvenance(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ops  []dialect.Operation
		want string
	}{
		"documented": {[]dialect.Operation{dialect.GetProfile}, "Calls the documented operation `get_profile`."},
		"assumed": {
			[]dialect.Operation{dialect.GetApp, dialect.ListApps},
			"Calls the assumed operations `get_app` and `list_apps`.",
		},
		"both": {
			[]dialect.Operation{dialect.ListConnects, dialect.GetAction, dialect.ListApps, dialect.GetApp},
			"Calls the documented operation `get_action`, and the assumed operations `list_connects`, `list_apps` and `get_app`.",
		},
		"unknown to the table": {
			[]dialect.Operation{"get_weather"},
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
