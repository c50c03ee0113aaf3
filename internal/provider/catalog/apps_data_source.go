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

type appsDataSource struct{ tfkit.DataSourceBase }

type appsModel struct {
	CategoryID types.String `tfsdk:"category_id"`
	Text       types.String `tfsdk:"text"`
	Apps       []appModel   `tfsdk:"apps"`
}

// NewAppsDataSource returns the data source appypie_apps.
func NewAppsDataSource() datasource.DataSource { return &appsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *appsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_apps"
}

// Schema implements datasource.DataSource.
func (d *appsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists apps: all of them, those of one category, or those that mention a text.\n\n" + tfkit.Provenance(dialect.ListApps),
		Attributes: map[string]schema.Attribute{
			"category_id": tfkit.FilterString("Id of the category to list the apps of; all categories when left out.", tfkit.IDValidator()),
			"text":        tfkit.FilterString("Text that the name or the description contains, in upper or lower case; any when left out.", notEmpty()),
			"apps": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The apps found, in the order of the service; empty when there are none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: appAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *appsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *appsModel, diags *diag.Diagnostics) {
		apps, err := d.Provider.Client.Apps(ctx, model.CategoryID.ValueString())
		if err != nil {
			tfkit.AddError(diags, "Cannot list the apps", err)
			return
		}
		model.Apps = make([]appModel, 0, len(apps))
		for _, app := range apps {
			if inCategory(app, model.CategoryID.ValueString()) && containsFold(model.Text.ValueString(), app.Name, app.Description) {
				model.Apps = append(model.Apps, newAppModel(app))
			}
		}
	})
}
