package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ModifyPlan claims the switch, and keeps the status unless the switch moves or
// something is pending.
func (r *activationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Provider == nil {
		return
	}
	var plan, state activationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !plan.ConnectID.IsUnknown() {
		resp.Diagnostics.Append(r.Provider.Claims.Claim(tfkit.Claim{
			TypeName: "appypie_connect_activation", ConnectID: plan.ConnectID.ValueString(), Part: tfkit.SwitchPart, Config: req.Config.Raw,
		})...)
	}
	if req.State.Raw.IsNull() {
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	private.Pending.Warn(&resp.Diagnostics, state.ConnectID.ValueString())
	switch {
	case private.Pending.Any():
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
	case plan.Enabled.Equal(state.Enabled):
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), state.Status)...)
	}
}

// ImportState takes CONNECT_ID or the identity.
func (r *activationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("connect_id"), &id)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !tfkit.ValidID(id.ValueString()) {
		tfkit.Error(&resp.Diagnostics, errcode.MalformedImportID, fmt.Sprintf("%q is not an id of a connect. An id has letters, digits, - and _ only.", id.ValueString()))
		return
	}
	connect, err := r.Provider.Client.Connect(ctx, id.ValueString())
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Cannot import the activation of connect "+id.ValueString(), err)
		return
	}

	model := activationModel{
		ConnectID: id,
		Enabled:   types.BoolValue(connect.On),
		RunTest:   types.BoolValue(false),
		Revisions: types.ListNull(types.StringType),
		Status:    types.StringValue(connect.Status),
		Timeouts:  types.MapNull(types.StringType),
	}
	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	r.publish(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)
}
