package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectedAccountsDataSource struct{ tfkit.DataSourceBase }

type accountsModel struct {
	AppID             types.String   `tfsdk:"app_id"`
	ConnectedAccounts []accountModel `tfsdk:"connected_accounts"`
}

// NewConnectedAccountsDataSource returns the data source
// appypie_connected_accounts.
func NewConnectedAccountsDataSource() datasource.DataSource { return &connectedAccountsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *connectedAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connected_accounts"
}

// Schema implements datasource.DataSource.
func (d *connectedAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the accounts that are connected to an app.\n\n" + tfkit.Provenance(dialect.ListConnectedAccounts),
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the app; the service lists accounts of one app at a time.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"connected_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The accounts of the app, in the order of the service; empty when there are none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: accountAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *connectedAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *accountsModel, diags *diag.Diagnostics) {
		accounts, err := d.Provider.Client.ConnectedAccountsOfApp(ctx, model.AppID.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("app_id"), "Cannot list the connected accounts", err)
			return
		}
		model.ConnectedAccounts = make([]accountModel, 0, len(accounts))
		for _, account := range accounts {
			if belongs(account, model.AppID.ValueString()) {
				model.ConnectedAccounts = append(model.ConnectedAccounts, newAccountModel(account))
			}
		}
	})
}
