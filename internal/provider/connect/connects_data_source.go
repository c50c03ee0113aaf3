package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectsDataSource struct{ tfkit.DataSourceBase }

type connectsModel struct {
	tfkit.ConnectFilter

	Connects []connectData `tfsdk:"connects"`
}

// NewConnectsDataSource returns the data source appypie_connects.
func NewConnectsDataSource() datasource.DataSource { return &connectsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *connectsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connects"
}

// Schema implements datasource.DataSource.
func (d *connectsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the connects of the account.\n\nThe filters are applied to the whole listing, and a connect must pass all of them.\n\n" +
			tfkit.Provenance(dialect.ListConnects),
		Attributes: map[string]schema.Attribute{
			"name": tfkit.FilterString(tfkit.FilterName, stringvalidator.LengthAtLeast(1)),
			"text": tfkit.FilterString(tfkit.FilterText, stringvalidator.LengthAtLeast(1)),
			"enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: tfkit.FilterEnabled,
			},
			"popular_match_id": tfkit.FilterString(tfkit.FilterPopularMatchID, tfkit.IDValidator()),
			"app_id":           tfkit.FilterString(tfkit.FilterAppID, tfkit.IDValidator()),
			"connects": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The connects found, in the order of the service; empty when there are none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: connectDataAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *connectsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *connectsModel, diags *diag.Diagnostics) {
		connects, err := d.Provider.Client.Connects(ctx)
		if err != nil {
			tfkit.AddError(diags, "Cannot list the connects", err)
			return
		}
		model.Connects = make([]connectData, 0, len(connects))

		for _, connect := range connects {
			if !model.Passes(connect) {
				continue
			}
			whole, err := d.Provider.Client.Whole(ctx, &connect)
			if connectapi.IsNotFound(err) {
				continue // It was deleted after the listing.
			}
			if err != nil {
				tfkit.AddError(diags, "Cannot read the connect "+connect.ID, err)
				return
			}
			model.Connects = append(model.Connects, newConnectData(*whole))
		}
	})
}
