package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ModifyPlan claims the switch, and keeps the status unless the switch moves or
// something is pending.
func (r *activationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Provider == nil {
		return
	}
	plan := readActivation(ctx, req.Plan.Raw, &resp.Diagnostics)
	if !plan.ConnectID.IsUnknown() {
		resp.Diagnostics.Append(r.Provider.Claims.Claim(tfkit.Claim{
			TypeName: "appypie_connect_activation", ConnectID: plan.ConnectID.ValueString(), Part: tfkit.SwitchPart, Config: req.Config.Raw,
		})...)
	}
	if req.State.Raw.IsNull() {
		return
	}
	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !private.Pending.Any() && req.Plan.Raw.Equal(req.State.Raw) {
		return
	}

	state := readActivation(ctx, req.State.Raw, &resp.Diagnostics)
	private.Pending.Warn(&resp.Diagnostics, state.ConnectID.ValueString())
	status := plan.Status
	switch {
	case private.Pending.Any():
		status = types.StringUnknown()
	case plan.Enabled.Equal(state.Enabled):
		status = state.Status
	}
	if !status.Equal(plan.Status) {
		plan.Status = status
		plan.Fields().Write(ctx, &resp.Plan.Raw, &resp.Diagnostics)
	}
}
