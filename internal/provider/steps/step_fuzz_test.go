package steps_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// FuzzStep: what a step declares goes to the service and comes back without a
// difference, whatever the service adds, and is stored as it is.
func FuzzStep(f *testing.F) {
	f.Add("account", "minute", "15", "default", "x")
	f.Add("", "", "", "", "")
	f.Add("a", "k", "****", "k", "v")
	f.Add("a", "k", "\x00", "added", "****")

	f.Fuzz(func(t *testing.T, account, key, value, addedKey, addedValue string) {
		step := steps.NullStep()
		step.Options = types.MapValueMust(types.StringType, map[string]attr.Value{key: types.StringValue(value)})
		if account != "" {
			step.AccountID = types.StringValue(account)
		}
		change, ok, diags := step.Change(steps.Request{Prior: steps.NullStep(), Secrets: types.MapNull(types.StringType), At: path.Root("trigger")})
		if !ok || diags.HasError() || len(change.Unset) > 0 {
			t.Fatalf("change %+v, %v", change, diags)
		}

		server := connectapi.Step{AccountID: change.AccountID, Options: connectapi.TextValues(map[string]string{addedKey: addedValue})}
		maps.Copy(server.Options, connectapi.TextValues(change.Set))
		if refreshed := step.Refresh(server, nil); !refreshed.SameAs(step) {
			t.Errorf("%+v came back as %+v", step, refreshed)
		}
		if stored := steps.StepOf(step.Object()); !stored.SameAs(step) {
			t.Errorf("%+v is stored as %+v", step, stored)
		}
	})
}
