package connect

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// claim claims what the configuration manages inline of a connect that exists.
// Known is the state: it has the id.
func (r *connectResource) claim(known, config connectModel, raw tftypes.Value) diag.Diagnostics {
	parts := map[string]path.Path{}
	manages := config.inline()
	if manages.triggerStep().Manages() {
		parts[tfkit.TriggerPart] = triggerPath()
	}
	for i, step := range manages.actions {
		if step.Manages() {
			parts[tfkit.ActionPart(i+1)] = actionPath(i)
		}
	}
	if !config.Enabled.IsNull() && !config.Enabled.IsUnknown() {
		parts[tfkit.SwitchPart] = path.Root("enabled")
	}
	return r.Provider.Claims.ClaimInline(known.ID.ValueString(), parts, raw)
}
