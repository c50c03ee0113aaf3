package steps

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ImportState takes CONNECT_ID, or CONNECT_ID/POSITION for an action, or the
// identity, and reads everything that the service shows of the step.
func (r *stepResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	connectID, text, wantsPosition := strings.Cut(req.ID, "/")
	position, ok := types.Int64Null(), true
	if wantsPosition {
		number, err := strconv.Atoi(text)
		position, ok = types.Int64Value(int64(number)), err == nil && number > 0 && r.kind == connectapi.ActionEvent
	}
	if req.ID == "" && req.Identity != nil {
		var connect types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("connect_id"), &connect)...)
		if r.kind == connectapi.ActionEvent {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("position"), &position)...)
			ok = position.IsNull() || position.ValueInt64() > 0
		}
		connectID = connect.ValueString()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !tfkit.ValidID(connectID) || !ok {
		form := "CONNECT_ID"
		if r.kind == connectapi.ActionEvent {
			form = "CONNECT_ID, or CONNECT_ID/2 for the second action of a connect that has several"
		}
		tfkit.Error(&resp.Diagnostics, errcode.MalformedImportID, fmt.Sprintf("%q does not have the form %s. An id has letters, digits, - and _ only.", req.ID, form))
		return
	}
	connect, err := r.Provider.Client.Connect(ctx, connectID)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Cannot import the "+string(r.kind)+" options of connect "+connectID, err)
		return
	}
	server, ok := r.resolve(connect, stepModel{kind: r.kind, Position: position}, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	model := r.newlyFound(connect, server, position, &resp.Diagnostics)
	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	tfkit.Answer{State: &resp.State, Identity: resp.Identity, Diags: &resp.Diagnostics}.Publish(ctx, &model)
}

// newlyFound is a step of a connect that no configuration says anything about yet.
func (r *stepResource) newlyFound(connect *connectapi.Connect, server connectapi.Step, position types.Int64, diags *diag.Diagnostics) stepModel {
	step, secrets := FromAPI(server)
	WarnSecretsLeftOut(diags, path.Root("options"), secrets)
	return stepModel{
		kind:              r.kind,
		Step:              step,
		ConnectID:         types.StringValue(connect.ID),
		Position:          position,
		PauseDuringUpdate: types.BoolValue(true),
		Revision:          types.StringValue(connect.UpdatedAt),
		Timeouts:          types.MapNull(types.StringType),
	}
}
