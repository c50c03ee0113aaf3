// Package account holds the data sources of the user: the profile and the
// connected accounts.
package account

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// DataSources lists the data sources of this room.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		NewConnectedAccountDataSource,
		NewConnectedAccountsDataSource,
		NewProfileDataSource,
	}
}

type accountModel struct {
	ID        types.String `tfsdk:"id"`
	AppID     types.String `tfsdk:"app_id"`
	Name      types.String `tfsdk:"name"`
	Status    types.String `tfsdk:"status"`
	CreatedAt types.String `tfsdk:"created_at"`
	UpdatedAt types.String `tfsdk:"updated_at"`
}

func newAccountModel(account connectapi.ConnectedAccount) accountModel {
	return accountModel{
		ID:        types.StringValue(account.ID),
		AppID:     tfkit.StringOrNull(account.AppID),
		Name:      tfkit.StringOrNull(account.Name),
		Status:    tfkit.StringOrNull(account.Status),
		CreatedAt: tfkit.StringOrNull(account.CreatedAt),
		UpdatedAt: tfkit.StringOrNull(account.UpdatedAt),
	}
}

func accountAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":     tfkit.ComputedString("Id of the connected account, for `account_id` of a connect's trigger or action."),
		"app_id": tfkit.ComputedString("Id of the app that the account belongs to."),
		"name":   tfkit.ComputedString("Name of the account, often an e-mail address or a workspace; null if the service names none (assumed)."),
		"status": tfkit.ComputedString("State of the account in the service's word, such as `active`, or `expired` when a person has to connect it again (assumed); " +
			"null if the service tells none."),
		"created_at": tfkit.ComputedString("When the account was connected, in RFC 3339."),
		"updated_at": tfkit.ComputedString("When the account last changed, in RFC 3339."),
	}
}

// belongs reports whether the account is of the app. The service is asked for the
// accounts of that app alone; an account of another one must never get into a
// step, so the answer is checked.
func belongs(account connectapi.ConnectedAccount, appID string) bool {
	return account.AppID == "" || account.AppID == appID
}

func describeAccount(account connectapi.ConnectedAccount) string {
	if account.Name == "" {
		return account.ID
	}
	return fmt.Sprintf("%q (%s)", account.Name, account.ID)
}
