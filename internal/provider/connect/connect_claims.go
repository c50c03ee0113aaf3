package connect

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// claim claims a connect that exists, and what the configuration manages of it.
// Known is the state: it has the id.
func (r *connectResource) claim(known, config connectModel, raw tftypes.Value) diag.Diagnostics {
	var diags diag.Diagnostics
	claim := func(part string, at path.Path) {
		diags.Append(r.Provider.Claims.Claim(tfkit.Claim{TypeName: "appypie_connect", ConnectID: known.ID.ValueString(), Part: part, At: at, Config: raw})...)
	}
	if claim("", path.Root("id")); diags.HasError() {
		return diags
	}
	manages := config.toSteps()
	if manages.triggerStep().Manages() {
		claim(tfkit.TriggerPart, triggerPath())
	}
	for i, step := range manages.actions {
		if step.Manages() {
			claim(tfkit.ActionPart(i+1), actionPath(i))
		}
	}
	if !config.Enabled.IsNull() && !config.Enabled.IsUnknown() {
		claim(tfkit.SwitchPart, path.Root("enabled"))
	}
	return diags
}
