package connect

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// claim claims what the configuration manages inline of a connect that exists.
// Known is the state: it has the id and the steps.
func (r *connectResource) claim(known, config connectModel) diag.Diagnostics {
	parts := map[string]path.Path{}
	manages, actions := config.inline(), known.actionIDs()

	if manages.triggerStep().Manages() {
		parts[tfkit.TriggerPart] = triggerPath()
	}

	for i, step := range manages.actions {
		if i < len(actions) && step.Manages() {
			parts[tfkit.ActionPart(actions[i])] = actionPath(i)
		}
	}

	if !config.Enabled.IsNull() && !config.Enabled.IsUnknown() {
		parts[tfkit.SwitchPart] = path.Root("enabled")
	}

	return r.Provider.Claims.ClaimInline(known.ID.ValueString(), parts)
}

// actionIDs are the step ids of the actions, in their order.
func (m *connectModel) actionIDs() []string {
	var ids []string

	for _, element := range m.Steps.Elements() {
		step, ok := element.(types.Object)
		if !ok {
			continue
		}

		kind, _ := step.Attributes()["kind"].(types.String)
		id, _ := step.Attributes()["id"].(types.String)

		if kind.ValueString() == string(connectapi.ActionEvent) {
			ids = append(ids, id.ValueString())
		}
	}

	return ids
}
