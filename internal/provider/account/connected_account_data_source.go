package account

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectedAccountDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*connectedAccountDataSource)(nil)

type accountLookupModel struct {
	accountModel

	CallbackToken types.String `tfsdk:"callback_token"`
}

// NewConnectedAccountDataSource returns the data source
// appypie_connected_account.
func NewConnectedAccountDataSource() datasource.DataSource { return &connectedAccountDataSource{} }

// Metadata implements datasource.DataSource.
func (d *connectedAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connected_account"
}

// Schema implements datasource.DataSource.
func (d *connectedAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := accountAttributes()
	attributes["id"] = tfkit.LookupString("Id of the connected account, for `account_id` of a connect's trigger or action. "+
		"Set exactly one of `id`, `app_id` and `callback_token`.", tfkit.IDValidator())
	attributes["app_id"] = tfkit.LookupString("Id of the app that the account belongs to; finds its only account, or the one called `name`.", tfkit.IDValidator())
	attributes["name"] = tfkit.LookupString("Name of the account, often an e-mail address or a workspace (assumed). "+
		"Set it together with `app_id` when the app has several accounts. Upper and lower case count as the same.", stringvalidator.LengthAtLeast(1))
	attributes["callback_token"] = schema.StringAttribute{
		Optional:  true,
		Sensitive: true,
		MarkdownDescription: "What the callback address received as its `t` parameter after a person connected the account. " +
			"It is not stored in the state.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one connected account, the sign-in of a person at an app, by its id, its app or the token of an account link.\n\n" +
			"Accounts are connected in a browser, never by Terraform.\n\n" +
			tfkit.Provenance(dialect.ListConnectedAccounts, dialect.GetConnectedAccountByToken),
		Attributes: attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *connectedAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("app_id"), path.MatchRoot("callback_token")),
		datasourcevalidator.Conflicting(path.MatchRoot("id"), path.MatchRoot("name")),
		datasourcevalidator.Conflicting(path.MatchRoot("callback_token"), path.MatchRoot("name")),
	}
}

// Read implements datasource.DataSource.
func (d *connectedAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *accountLookupModel, diags *diag.Diagnostics) {
		if account, ok := d.find(ctx, *model, diags); ok {
			// The callback token has done its work: whoever reads the state has
			// no use for it that its owner would like.
			*model = accountLookupModel{accountModel: newAccountModel(account)}
		}
	})
}

func (d *connectedAccountDataSource) find(ctx context.Context, model accountLookupModel, diags *diag.Diagnostics) (connectapi.ConnectedAccount, bool) {
	var none connectapi.ConnectedAccount
	switch {
	case !model.ID.IsNull():
		account, err := d.Provider.Client.ConnectedAccount(ctx, model.ID.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("id"), fmt.Sprintf("Cannot read connected account %s", model.ID.ValueString()), err)
			return none, false
		}
		return *account, true
	case !model.CallbackToken.IsNull():
		account, err := d.Provider.Client.ConnectedAccountByToken(ctx, model.CallbackToken.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("callback_token"), "Cannot read the connected account of the callback token", err)
			return none, false
		}
		return *account, true
	}
	accounts, err := d.Provider.Client.ConnectedAccountsOfApp(ctx, model.AppID.ValueString())
	if err != nil {
		tfkit.AddAttributeError(diags, path.Root("app_id"), "Cannot list the connected accounts", err)
		return none, false
	}
	if len(accounts) == 0 {
		tfkit.AttributeError(diags, errcode.NoAccountOfApp, path.Root("app_id"),
			fmt.Sprintf("No account is connected to app %s.", model.AppID.ValueString()))
		return none, false
	}
	return accountLookup(model).One(accounts, diags)
}

// accountLookup chooses among the accounts of an app.
func accountLookup(model accountLookupModel) tfkit.Lookup[connectapi.ConnectedAccount] {
	appID := model.AppID.ValueString()
	lookup := tfkit.Lookup[connectapi.ConnectedAccount]{
		Kind:     "connected account",
		Filter:   fmt.Sprintf("app_id %q", appID),
		At:       path.Root("app_id"),
		Match:    func(a connectapi.ConnectedAccount) bool { return belongs(a, appID) },
		Describe: describeAccount,
	}
	if name := model.Name.ValueString(); name != "" {
		lookup.Filter = fmt.Sprintf("name %q in app %s", name, appID)
		lookup.At = path.Root("name")
		lookup.Match = func(a connectapi.ConnectedAccount) bool { return belongs(a, appID) && strings.EqualFold(a.Name, name) }
		lookup.Wanted, lookup.Name = name, func(a connectapi.ConnectedAccount) string { return a.Name }
	}
	return lookup
}
