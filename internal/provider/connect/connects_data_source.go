package connect

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectsDataSource struct{ tfkit.DataSourceBase }

type connectsModel struct {
	Name           types.String  `tfsdk:"name"`
	Text           types.String  `tfsdk:"text"`
	Enabled        types.Bool    `tfsdk:"enabled"`
	PopularMatchID types.String  `tfsdk:"popular_match_id"`
	AppID          types.String  `tfsdk:"app_id"`
	Connects       []connectData `tfsdk:"connects"`
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
		MarkdownDescription: "Lists the connects of the account. The filters are applied to the whole listing, and a connect must pass all of them. " +
			tfkit.Provenance(connectapi.ListConnects),
		Attributes: map[string]schema.Attribute{
			"name": tfkit.FilterString("Name of the connects, to the letter; any when left out.", stringvalidator.LengthAtLeast(1)),
			"text": tfkit.FilterString("Text that the name contains, in upper or lower case; any when left out.", stringvalidator.LengthAtLeast(1)),
			"enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "`true` for the connects that are on, `false` for those that are off; both when left out.",
			},
			"popular_match_id": tfkit.FilterString("Id of the popular match that the connects were made from; any when left out.", tfkit.IDValidator()),
			"app_id":           tfkit.FilterString("Id of an app that the trigger or an action of the connects uses; any when left out.", tfkit.IDValidator()),
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
		connects, err := allConnects(ctx, d.Provider.Client)
		if err != nil {
			tfkit.AddError(diags, "Cannot list the connects", err)

			return
		}

		model.Connects = make([]connectData, 0, len(connects))

		for _, connect := range connects {
			if model.passes(connect) {
				model.Connects = append(model.Connects, newConnectData(connect))
			}
		}
	})
}

// passes tells whether a connect meets every filter that is set.
func (m connectsModel) passes(connect connectapi.Connect) bool {
	switch {
	case !m.Name.IsNull() && m.Name.ValueString() != connect.Name:
		return false
	case !strings.Contains(strings.ToLower(connect.Name), strings.ToLower(m.Text.ValueString())):
		return false
	case !m.Enabled.IsNull() && m.Enabled.ValueBool() != connect.On:
		return false
	case !m.PopularMatchID.IsNull() && m.PopularMatchID.ValueString() != connect.PopularMatchID:
		return false
	default:
		return m.AppID.IsNull() || usesApp(connect, m.AppID.ValueString())
	}
}

func usesApp(connect connectapi.Connect, appID string) bool {
	return connect.Trigger.AppID == appID ||
		slices.ContainsFunc(connect.Actions, func(step connectapi.Step) bool { return step.AppID == appID })
}
