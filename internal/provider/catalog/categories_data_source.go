package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type categoriesDataSource struct{ tfkit.DataSourceBase }

type categoriesModel struct {
	Categories []categoryModel `tfsdk:"categories"`
}

// NewCategoriesDataSource returns the data source appypie_categories.
func NewCategoriesDataSource() datasource.DataSource { return &categoriesDataSource{} }

// Metadata implements datasource.DataSource.
func (d *categoriesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_categories"
}

// Schema implements datasource.DataSource.
func (d *categoriesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the categories that apps are grouped in.\n\n" + tfkit.Provenance(dialect.ListCategories),
		Attributes: map[string]schema.Attribute{
			"categories": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "All categories, in the order of the service.",
				NestedObject:        schema.NestedAttributeObject{Attributes: categoryAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *categoriesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *categoriesModel, diags *diag.Diagnostics) {
		categories, err := d.Provider.Client.Categories(ctx)
		if err != nil {
			tfkit.AddError(diags, "Cannot list the categories", err)
			return
		}
		model.Categories = make([]categoryModel, len(categories))
		for i, category := range categories {
			model.Categories[i] = newCategoryModel(category)
		}
	})
}
