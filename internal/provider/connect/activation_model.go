package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type activationModel struct {
	ConnectID        types.String
	Enabled, RunTest types.Bool
	Revisions        types.List
	Status           types.String
	Timeouts         types.Map
}

func (m *activationModel) fields() tfkit.Fields {
	return tfkit.Fields{
		"connect_id": tfkit.At(&m.ConnectID, types.StringType),
		"enabled":    tfkit.At(&m.Enabled, types.BoolType),
		"run_test":   tfkit.At(&m.RunTest, types.BoolType),
		"revisions":  tfkit.At(&m.Revisions, types.ListType{ElemType: types.StringType}),
		"status":     tfkit.At(&m.Status, types.StringType),
		"timeouts":   tfkit.At(&m.Timeouts, tfkit.StringMap()),
	}
}

// readActivation reads a configuration, a plan or a state.
func readActivation(ctx context.Context, object tftypes.Value, diags *diag.Diagnostics) activationModel {
	var model activationModel
	model.fields().Read(ctx, object, diags)
	return model
}

func (r *activationResource) publish(ctx context.Context, model activationModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	model.fields().Write(ctx, &state.Raw, diags)
	model.identify(ctx, identity, diags)
}

func (m *activationModel) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetIdentity(ctx, identity, diags, map[string]attr.Value{"connect_id": m.ConnectID})
}
