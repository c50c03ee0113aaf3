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

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type appDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*appDataSource)(nil)

// NewAppDataSource returns the data source appypie_app.
func NewAppDataSource() datasource.DataSource { return &appDataSource{} }

// Metadata implements datasource.DataSource.
func (d *appDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app"
}

// Schema implements datasource.DataSource.
func (d *appDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := appAttributes()
	attributes["id"] = tfkit.LookupString("Id of the app. Set exactly one of `id`, `name` and `seo_link`; by id costs the least.", tfkit.IDValidator())
	attributes["name"] = tfkit.LookupString("Name of the app, such as `Google Sheets`; upper and lower case count as the same.", notEmpty())
	attributes["seo_link"] = tfkit.LookupString("Slug of the app in the service's web addresses, such as `google-sheets`.", notEmpty())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one app by its id, name or slug.\n\n" + tfkit.Provenance(dialect.GetApp, dialect.ListApps),
		Attributes:          attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *appDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"), path.MatchRoot("seo_link")),
	}
}

// Read implements datasource.DataSource.
func (d *appDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *appModel, diags *diag.Diagnostics) {
		if app, ok := d.find(ctx, *model, diags); ok {
			*model = newAppModel(app)
		}
	})
}

func (d *appDataSource) find(ctx context.Context, model appModel, diags *diag.Diagnostics) (connectapi.App, bool) {
	if !model.ID.IsNull() {
		app, err := d.Provider.Client.App(ctx, model.ID.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("id"), fmt.Sprintf("Cannot read app %s", model.ID.ValueString()), err)
			return connectapi.App{}, false
		}
		return *app, true
	}
	apps, err := d.Provider.Client.Apps(ctx, "")
	if err != nil {
		tfkit.AddError(diags, "Cannot list the apps", err)
		return connectapi.App{}, false
	}
	return appLookup(model).One(apps, diags)
}

func appLookup(model appModel) tfkit.Lookup[connectapi.App] {
	if !model.SeoLink.IsNull() {
		return tfkit.LookupBy("app", "seo_link", model.SeoLink.ValueString(),
			func(a connectapi.App) string { return a.SeoLink }, tfkit.Exactly, describeApp)
	}
	return tfkit.LookupBy("app", "name", model.Name.ValueString(),
		func(a connectapi.App) string { return a.Name }, strings.EqualFold, describeApp)
}
