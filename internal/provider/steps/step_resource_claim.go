package steps

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// claim claims the step of a plan, as far as the plan knows which one that is.
func (r *stepResource) claim(ctx context.Context, plan, config stepModel, raw tftypes.Value) diag.Diagnostics {
	part, ok := r.part(ctx, plan, config)
	if !ok || !config.Manages() {
		return nil
	}
	return r.Provider.Claims.Claim(tfkit.Claim{
		TypeName: fmt.Sprintf("appypie_%s_options", r.kind), ConnectID: plan.ConnectID.ValueString(), Part: part, Config: raw,
	})
}

// part is the part of the connect that a plan is about. Which action is meant
// without a step_id, only the connect can tell; when it cannot be read, that is
// reported elsewhere.
func (r *stepResource) part(ctx context.Context, plan, config stepModel) (string, bool) {
	switch {
	case plan.ConnectID.IsUnknown() || config.StepID.IsUnknown():
		return "", false
	case r.kind == connectapi.TriggerEvent:
		return tfkit.TriggerPart, true
	case plan.StepID.ValueString() != "":
		return tfkit.ActionPart(plan.StepID.ValueString()), true
	}
	connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())
	if err != nil || len(connect.Actions) != 1 {
		return "", false
	}
	return tfkit.ActionPart(connect.Actions[0].ID), true
}
