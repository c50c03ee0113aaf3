package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

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
	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	model := newlyFoundSwitch(connect)
	tfkit.Answer{State: &resp.State, Identity: resp.Identity, Diags: &resp.Diagnostics}.Publish(ctx, &model)
}

// newlyFoundSwitch is the switch of a connect that no configuration says anything
// about yet.
func newlyFoundSwitch(connect *connectapi.Connect) activationModel {
	return activationModel{
		ConnectID: types.StringValue(connect.ID),
		Enabled:   types.BoolValue(connect.On),
		RunTest:   types.BoolValue(false),
		Revisions: types.ListNull(types.StringType),
		Status:    types.StringValue(connect.Status),
		Timeouts:  types.MapNull(types.StringType),
	}
}
