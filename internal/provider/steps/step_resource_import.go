package steps

import (
	"context"
	"fmt"
	"strconv"
	"strings"

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
		tfkit.Error(&resp.Diagnostics, errcode.MalformedImportID, "Malformed import id", fmt.Sprintf("%q does not have the form %s. An id has letters, digits, - and _ only.", req.ID, form))
		return
	}
	connect, err := r.Provider.Client.Connect(ctx, connectID)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Cannot import the "+string(r.kind)+" options of connect "+connectID, err)
		return
	}
	model := stepModel{
		kind:      r.kind,
		ConnectID: types.StringValue(connectID),
		Position:  position,
		Timeouts:  types.MapNull(types.StringType),
	}
	server, ok := r.resolve(connect, model, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	step, secrets := Adopt(server)
	WarnSecretsLeftOut(&resp.Diagnostics, path.Root("options"), secrets)
	model.Step = step
	model.PauseDuringUpdate = types.BoolValue(true)
	model.Revision = types.StringValue(connect.UpdatedAt)

	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	r.publish(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)
}
