package connect

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// connectFilter is what narrows a listing of connects. An attribute that is
// null does not narrow it.
type connectFilter struct {
	Name           types.String `tfsdk:"name"`
	Text           types.String `tfsdk:"text"`
	Enabled        types.Bool   `tfsdk:"enabled"`
	PopularMatchID types.String `tfsdk:"popular_match_id"`
	AppID          types.String `tfsdk:"app_id"`
}

// What the documentation says of each filter, wherever it is offered.
const (
	filterName           = "Exact name; omit for all."
	filterText           = "Text that the name contains, in upper or lower case; any when left out."
	filterEnabled        = "`true` for the connects that are on, `false` for those that are off; both when left out."
	filterPopularMatchID = "Id of the popular match that the connects were made from; any when left out."
	filterAppID          = "Id of an app that the trigger or an action of the connects uses; any when left out."
)

// passes reports whether a connect meets every filter that is set.
func (f connectFilter) passes(connect connectapi.Connect) bool {
	switch {
	case !f.Name.IsNull() && f.Name.ValueString() != connect.Name:
		return false
	case !strings.Contains(strings.ToLower(connect.Name), strings.ToLower(f.Text.ValueString())):
		return false
	case !f.Enabled.IsNull() && f.Enabled.ValueBool() != connect.On:
		return false
	case !f.PopularMatchID.IsNull() && f.PopularMatchID.ValueString() != connect.PopularMatchID:
		return false
	default:
		return f.AppID.IsNull() || usesApp(connect, func(id string) bool { return id == f.AppID.ValueString() })
	}
}

// usesApp reports whether the trigger or an action is of an app that is wanted.
func usesApp(connect connectapi.Connect, wanted func(appID string) bool) bool {
	return wanted(connect.Trigger.AppID) ||
		slices.ContainsFunc(connect.Actions, func(step connectapi.Step) bool { return wanted(step.AppID) })
}
