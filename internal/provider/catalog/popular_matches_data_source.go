package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type popularMatchesDataSource struct{ tfkit.DataSourceBase }

type popularMatchesModel struct {
	TriggerAppID   types.String        `tfsdk:"trigger_app_id"`
	ActionAppID    types.String        `tfsdk:"action_app_id"`
	Text           types.String        `tfsdk:"text"`
	PopularMatches []popularMatchModel `tfsdk:"popular_matches"`
}

// NewPopularMatchesDataSource returns the data source appypie_popular_matches.
func NewPopularMatchesDataSource() datasource.DataSource { return &popularMatchesDataSource{} }

// Metadata implements datasource.DataSource.
func (d *popularMatchesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_popular_matches"
}

// Schema implements datasource.DataSource.
func (d *popularMatchesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists popular matches, the ready pairings of a trigger with actions that connects are made from.\n\n" +
			tfkit.Provenance(dialect.ListPopularMatches),
		Attributes: map[string]schema.Attribute{
			"trigger_app_id": tfkit.FilterString("Id of the app whose trigger starts the connect; any when left out.", tfkit.IDValidator()),
			"action_app_id":  tfkit.FilterString("Id of the app of one of the actions; any when left out.", tfkit.IDValidator()),
			"text":           tfkit.FilterString("Text that the title contains, in upper or lower case; any when left out.", notEmpty()),
			"popular_matches": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The popular matches found, in the order of the service; empty when there are none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: popularMatchAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *popularMatchesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *popularMatchesModel, diags *diag.Diagnostics) {
		triggerApp, actionApp := model.TriggerAppID.ValueString(), model.ActionAppID.ValueString()
		matches, err := d.Provider.Client.PopularMatches(ctx, triggerApp, actionApp)
		if err != nil {
			tfkit.AddError(diags, "Cannot list the popular matches", err)
			return
		}
		model.PopularMatches = make([]popularMatchModel, 0, len(matches))
		for _, match := range matches {
			if joins(match, triggerApp, actionApp) && containsFold(model.Text.ValueString(), match.Title) {
				model.PopularMatches = append(model.PopularMatches, newPopularMatchModel(match))
			}
		}
	})
}
