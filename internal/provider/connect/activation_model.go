package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// Fields implements tfkit.Model.
func (m *activationModel) Fields() tfkit.Fields {
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
	model.Fields().Read(ctx, object, diags)
	return model
}

// readOperation reads a request. Nothing is remembered of the last write.
func readOperation(ctx context.Context, from tfkit.Request) (tfkit.Operation[activationModel, struct{}], bool) {
	return tfkit.ReadOperation[activationModel, struct{}](ctx, from, readActivation, func(plan activationModel) activationModel { return plan })
}

// Identity implements tfkit.Model.
func (m *activationModel) Identity() map[string]attr.Value {
	return map[string]attr.Value{"connect_id": m.ConnectID}
}
