package tfkit

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// ConnectFilter is what narrows a listing of connects. An attribute that is
// null does not narrow it.
type ConnectFilter struct {
	Name           types.String `tfsdk:"name"`
	Text           types.String `tfsdk:"text"`
	Enabled        types.Bool   `tfsdk:"enabled"`
	PopularMatchID types.String `tfsdk:"popular_match_id"`
	AppID          types.String `tfsdk:"app_id"`
}

func (f *ConnectFilter) fields() Fields {
	return Fields{
		"name":             At(&f.Name, types.StringType),
		"text":             At(&f.Text, types.StringType),
		"enabled":          At(&f.Enabled, types.BoolType),
		"popular_match_id": At(&f.PopularMatchID, types.StringType),
		"app_id":           At(&f.AppID, types.StringType),
	}
}

// The descriptions of the filters, the same wherever they are offered.
const (
	FilterName           = "Exact name; omit for all."
	FilterText           = "Text that the name contains, in upper or lower case; omit for all."
	FilterEnabled        = "`true` for the connects that are on, `false` for those that are off; omit for both."
	FilterPopularMatchID = "Id of the popular match that the connects were made from; omit for all."
	FilterAppID          = "Id of an app that the trigger or an action of the connects uses; omit for all."
)

// Passes reports whether a connect meets every filter that is set.
func (f *ConnectFilter) Passes(connect connectapi.Connect) bool {
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
