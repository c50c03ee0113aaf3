package steps_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// refusal is a 400 that names fields of the request.
func refusal(fields ...string) error {
	named := map[string][]string{}
	for _, field := range fields {
		named[field] = []string{"is wrong"}
	}
	return &connectapi.APIError{Status: 400, Message: "refused", Fields: named, Kind: connectapi.ErrInvalid}
}

func TestBlame(t *testing.T) {
	t.Parallel()
	trigger, second := path.Root("trigger"), path.Root("actions").AtListIndex(1)
	inline := []path.Path{trigger, second}
	own := []path.Path{path.Empty()}
	broken := &connectapi.APIError{Status: 500, Message: "broken"}

	for name, tc := range map[string]struct {
		err       error
		steps     []path.Path
		reference bool
		want      path.Path
	}{
		"no change":                             {err: errors.New("boom"), steps: inline},
		"an option of the trigger":              {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("options.email")}, steps: inline, want: trigger.AtName("options").AtMapKey("email")},
		"a key with dots":                       {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("options.a.b")}, steps: inline, want: trigger.AtName("options").AtMapKey("a.b")},
		"the account of the second change":      {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 1, Err: refusal("accountId")}, steps: inline, want: second.AtName("account_id")},
		"the options as a whole":                {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 1, Err: refusal("options")}, steps: inline, want: second.AtName("options")},
		"the first of several fields":           {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("options.b", "options.a")}, steps: own, want: path.Root("options").AtMapKey("a")},
		"a refusal without fields":              {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 1, Err: refusal()}, steps: inline, want: second},
		"a refusal without fields, own step":    {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal()}, steps: own, want: path.Root("options")},
		"an account of its own step":            {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("accountId")}, steps: own, want: path.Root("account_id")},
		"a fault of the service blames nothing": {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: broken}, steps: inline},
		"an edit of a step nobody knows":        {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 7, Err: refusal("accountId")}, steps: inline},
		"masked secrets":                        {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 1, Err: &connectapi.MaskedOptionsError{Keys: []string{"k"}}}, steps: inline, want: second.AtName("secrets_wo")},
		"masked secrets of its own step":        {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: &connectapi.MaskedOptionsError{Keys: []string{"k"}}}, steps: own, want: path.Root("secrets_wo")},
		"too many actions":                      {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Step: 1, Err: &connectapi.StepNotFoundError{Wanted: "action number 2"}}, steps: inline, want: path.Root("actions")},
		"another position":                      {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: &connectapi.StepNotFoundError{Wanted: "action x"}}, steps: own, want: path.Root("position")},
		"turn-on lacks an option":               {err: &connectapi.ChangeError{Stage: connectapi.StageTurnOn, Err: refusal("actions.1.email")}, steps: inline, want: second.AtName("options").AtMapKey("email")},
		"turn-on lacks the trigger's account":   {err: &connectapi.ChangeError{Stage: connectapi.StageTurnOn, Err: refusal("trigger.accountId")}, steps: inline, want: trigger.AtName("account_id")},
		"a test lacks an option":                {err: &connectapi.ChangeError{Stage: connectapi.StageTest, Err: refusal("trigger.email")}, steps: inline, want: trigger.AtName("options").AtMapKey("email")},
		"turn-on lacks what is managed elsewhere": {
			err: &connectapi.ChangeError{Stage: connectapi.StageTurnOn, Err: refusal("actions.0.email")}, steps: inline,
		},
		"turn-on lacks this and something else": {
			err: &connectapi.ChangeError{Stage: connectapi.StageTurnOn, Err: refusal("actions.0.email", "trigger.a")}, steps: inline, want: trigger.AtName("options").AtMapKey("a"),
		},
		"turn-on says something odd":        {err: &connectapi.ChangeError{Stage: connectapi.StageTurnOn, Err: refusal("actions.x.email", "test")}, steps: inline},
		"turning off is nobody's fault":     {err: &connectapi.ChangeError{Stage: connectapi.StageTurnOff, Err: refusal("accountId")}, steps: inline},
		"the connect is gone":               {err: &connectapi.ChangeError{Stage: connectapi.StageRead, Err: connectapi.ErrNotFound}, steps: own},
		"the connect referred to is gone":   {err: &connectapi.ChangeError{Stage: connectapi.StageRead, Err: connectapi.ErrNotFound}, steps: own, reference: true, want: path.Root("connect_id")},
		"the connect cannot be read":        {err: &connectapi.ChangeError{Stage: connectapi.StageRead, Err: broken}, steps: own, reference: true},
		"a reference that is refused":       {err: &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("accountId")}, steps: own, reference: true, want: path.Root("account_id")},
		"a change error deep in the causes": {err: fmt.Errorf("apply: %w", &connectapi.ChangeError{Stage: connectapi.StageEdit, Err: refusal("accountId")}), steps: inline, want: trigger.AtName("account_id")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			if tc.reference {
				steps.AddReferenceError(&diags, tc.err, "It failed", tc.steps)
			} else {
				steps.AddChangeError(&diags, tc.err, "It failed", tc.steps)
			}
			if len(diags) != 1 || diags[0].Severity() != diag.SeverityError || diags[0].Summary() != "It failed" {
				t.Fatalf("want one error, got %v", diags)
			}
			if _, next, ok := strings.Cut(diags[0].Detail(), "\n\n"); !ok || next == "" {
				t.Errorf("the error does not say what to do: %q", diags[0].Detail())
			}
			if got := pathsOf(diags)[0]; !got.Equal(tc.want) {
				t.Errorf("path %s, want %s", got, tc.want)
			}
		})
	}
}
