package steps

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

const listDescription = "Finds the %s of each connect for `terraform query`, which can write their configuration and import blocks.\n\n" +
	"They are for the form of [four resources](../guides/one-block-or-four.md): give the list resource `appypie_connect` the same filters, which are about the connect, and `bare = true`."

// NewTriggerOptionsListResource returns the list resource appypie_trigger_options.
func NewTriggerOptionsListResource() list.ListResource {
	r := &stepResource{kind: connectapi.TriggerEvent}
	return &tfkit.ConnectList{Name: "trigger_options", Description: fmt.Sprintf(listDescription, "trigger options"), Show: r.show}
}

// NewActionOptionsListResource returns the list resource appypie_action_options.
func NewActionOptionsListResource() list.ListResource {
	r := &stepResource{kind: connectapi.ActionEvent}
	return &tfkit.ConnectList{Name: "action_options", Description: fmt.Sprintf(listDescription, "options of every action"), Show: r.show}
}

// show yields the trigger of a connect, or its actions, as an import of their
// identities would bring them into the state.
func (r *stepResource) show(ctx context.Context, _ *tfkit.ProviderData, req list.ListRequest, connect *connectapi.Connect) iter.Seq[list.ListResult] {
	found, name := []connectapi.Step{connect.Trigger}, func(int) string { return "trigger" }
	if r.kind == connectapi.ActionEvent {
		found, name = connect.Actions, func(i int) string { return fmt.Sprintf("action %d", i+1) }
	}
	return func(push func(list.ListResult) bool) {
		for i, step := range found {
			result := tfkit.NewConnectResult(ctx, req, connect, name(i))
			// The only action needs no position.
			position := types.Int64Null()
			if len(found) > 1 {
				position = types.Int64Value(int64(i + 1))
			}
			var diags diag.Diagnostics
			model := r.newlyFound(connect, step, position, &diags)
			tfkit.SetIdentity(ctx, result.Identity, &result.Diagnostics, model.Identity())
			if req.IncludeResource {
				result.Diagnostics.Append(diags...)
				model.Fields().Write(ctx, &result.Resource.Raw, &result.Diagnostics)
			}
			if !push(result) {
				return
			}
		}
	}
}
