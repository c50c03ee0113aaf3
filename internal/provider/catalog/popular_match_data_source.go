package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type popularMatchDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*popularMatchDataSource)(nil)

type popularMatchLookupModel struct {
	popularMatchModel

	TriggerAppID types.String `tfsdk:"trigger_app_id"`
	ActionAppID  types.String `tfsdk:"action_app_id"`
}

// NewPopularMatchDataSource returns the data source appypie_popular_match.
func NewPopularMatchDataSource() datasource.DataSource { return &popularMatchDataSource{} }

// Metadata implements datasource.DataSource.
func (d *popularMatchDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_popular_match"
}

// Schema implements datasource.DataSource.
func (d *popularMatchDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := popularMatchAttributes()
	attributes["id"] = tfkit.LookupString("Id of the popular match, for `popular_match_id` of `appypie_connect`. "+
		"Set either `id`, or `trigger_app_id` and `action_app_id`.", tfkit.IDValidator())
	attributes["title"] = tfkit.LookupString("Title of the popular match: what its connects do. Set it together with `trigger_app_id` and `action_app_id` "+
		"when several popular matches join these apps; upper and lower case count as the same.", notEmpty())
	attributes["trigger_app_id"] = tfkit.FilterString("Id of the app whose trigger starts the connect; needs `action_app_id`.", tfkit.IDValidator())
	attributes["action_app_id"] = tfkit.FilterString("Id of the app of one of the actions; needs `trigger_app_id`.", tfkit.IDValidator())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one popular match, the ready pairing of a trigger with actions that every connect is made from, " +
			"by its id or by the apps it joins.\n\n" + tfkit.Provenance(dialect.GetPopularMatch, dialect.ListPopularMatches),
		Attributes: attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *popularMatchDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("trigger_app_id")),
		datasourcevalidator.RequiredTogether(path.MatchRoot("trigger_app_id"), path.MatchRoot("action_app_id")),
		datasourcevalidator.Conflicting(path.MatchRoot("id"), path.MatchRoot("title")),
	}
}

// Read implements datasource.DataSource.
func (d *popularMatchDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *popularMatchLookupModel, diags *diag.Diagnostics) {
		if match, ok := d.find(ctx, *model, diags); ok {
			model.popularMatchModel = newPopularMatchModel(match)
		}
	})
}

func (d *popularMatchDataSource) find(ctx context.Context, model popularMatchLookupModel, diags *diag.Diagnostics) (connectapi.PopularMatch, bool) {
	if !model.ID.IsNull() {
		match, err := d.Provider.Client.PopularMatch(ctx, model.ID.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("id"), fmt.Sprintf("Cannot read popular match %s", model.ID.ValueString()), err)
			return connectapi.PopularMatch{}, false
		}
		return *match, true
	}
	matches, err := d.Provider.Client.PopularMatches(ctx, model.TriggerAppID.ValueString(), model.ActionAppID.ValueString())
	if err != nil {
		tfkit.AddError(diags, "Cannot list the popular matches", err)
		return connectapi.PopularMatch{}, false
	}
	return popularMatchLookup(model).One(matches, diags)
}

// popularMatchLookup chooses among the popular matches that join the two apps.
func popularMatchLookup(model popularMatchLookupModel) tfkit.Lookup[connectapi.PopularMatch] {
	triggerApp, actionApp := model.TriggerAppID.ValueString(), model.ActionAppID.ValueString()
	lookup := tfkit.Lookup[connectapi.PopularMatch]{
		Kind:     "popular match",
		Filter:   fmt.Sprintf("trigger_app_id %q with action_app_id %q", triggerApp, actionApp),
		At:       path.Root("trigger_app_id"),
		Match:    func(m connectapi.PopularMatch) bool { return joins(m, triggerApp, actionApp) },
		Describe: describePopularMatch,
	}

	if title := model.Title.ValueString(); title != "" {
		lookup.Filter = fmt.Sprintf("title %q between these apps", title)
		lookup.At = path.Root("title")
		lookup.Match = func(m connectapi.PopularMatch) bool {
			return joins(m, triggerApp, actionApp) && strings.EqualFold(m.Title, title)
		}
		lookup.Wanted, lookup.Name = title, func(m connectapi.PopularMatch) string { return m.Title }
	}
	return lookup
}
