package catalog

import (
	"context"
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

type categoryDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*categoryDataSource)(nil)

// NewCategoryDataSource returns the data source appypie_category.
func NewCategoryDataSource() datasource.DataSource { return &categoryDataSource{} }

// Metadata implements datasource.DataSource.
func (d *categoryDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_category"
}

// Schema implements datasource.DataSource.
func (d *categoryDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := categoryAttributes()
	attributes["id"] = tfkit.LookupString("Id of the category. Set exactly one of `id`, `name` and `seo_link`.", tfkit.IDValidator())
	attributes["name"] = tfkit.LookupString("Name of the category, such as `CRM`; upper and lower case count as the same.", notEmpty())
	attributes["seo_link"] = tfkit.LookupString("Slug of the category in the service's web addresses, such as `crm`.", notEmpty())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one category of apps by its id, name or slug.\n\n" + tfkit.Provenance(dialect.ListCategories),
		Attributes:          attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *categoryDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"), path.MatchRoot("seo_link")),
	}
}

// Read implements datasource.DataSource.
func (d *categoryDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *categoryModel, diags *diag.Diagnostics) {
		categories, err := d.Provider.Client.Categories(ctx)
		if err != nil {
			tfkit.AddError(diags, "Cannot list the categories", err)
			return
		}
		if category, ok := categoryLookup(*model).One(categories, diags); ok {
			*model = newCategoryModel(category)
		}
	})
}

func categoryLookup(model categoryModel) tfkit.Lookup[connectapi.Category] {
	switch {
	case !model.ID.IsNull():
		return tfkit.LookupBy("category", "id", model.ID.ValueString(),
			func(c connectapi.Category) string { return c.ID }, tfkit.Exactly, describeCategory)
	case !model.SeoLink.IsNull():
		return tfkit.LookupBy("category", "seo_link", model.SeoLink.ValueString(),
			func(c connectapi.Category) string { return c.SeoLink }, tfkit.Exactly, describeCategory)
	default:
		return tfkit.LookupBy("category", "name", model.Name.ValueString(),
			func(c connectapi.Category) string { return c.Name }, strings.EqualFold, describeCategory)
	}
}
