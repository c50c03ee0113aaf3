package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// The ways to treat a connect whose resource is destroyed.
const (
	deletionDelete  = "delete"
	deletionTurnOff = "turn_off"
	deletionRetain  = "retain"
	deletionPrevent = "prevent"
)

// planDestruction refuses to destroy what the policy protects. Terraform tells a
// plan nothing of a replacement by taint, -replace or replace_triggered_by, so
// Delete asks again.
func (r *connectResource) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	prior := readConnect(ctx, req.State.Raw, &resp.Diagnostics)
	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		prior.refuses(private, "destroyed", &resp.Diagnostics)
	}
}

// refuses reports whether the policy protects a connect, and says so in an error.
// One whose creation failed half-way is not protected: nobody has ever used it,
// and the next apply has to replace it.
func (m *connectModel) refuses(private tfkit.Private, what string, diags *diag.Diagnostics) bool {
	if m.DeletionPolicy.ValueString() != deletionPrevent || private.Incomplete {
		return false
	}
	tfkit.Error(diags, errcode.DestroyPrevented,
		fmt.Sprintf("The connect %s (%q) would be %s, and the deletion_policy in its state is prevent. Nothing was done to it.", m.ID.ValueString(), m.Name.ValueString(), what))
	return true
}

// warnOfReplacement says what the plan itself does not show of a replacement.
func (r *connectResource) warnOfReplacement(prior connectModel, diags *diag.Diagnostics) {
	if prior.DeletionPolicy.ValueString() == deletionRetain {
		tfkit.AttributeWarning(diags, errcode.StaysInService, path.Root("deletion_policy"),
			fmt.Sprintf("Another popular match replaces the connect %s (%q), and deletion_policy is retain, so the old one stays as it is: %s now. Both may then run.", prior.ID.ValueString(), prior.Name.ValueString(), prior.Status.ValueString()))
	}
	// A plan reads a connect before it plans it; an apply does not.
	if _, read := r.Provider.Refreshed.Load(prior.ID.ValueString()); !read {
		tfkit.AttributeWarning(diags, errcode.MatchKnownLate, path.Root("popular_match_id"),
			fmt.Sprintf("The new popular match replaces the connect %s. If Terraform reports an inconsistent final plan, nothing was changed.", prior.ID.ValueString()))
	}
}
