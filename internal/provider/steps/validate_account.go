package steps

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// checkAccount: the account must exist, be one of the step's app and work.
func (v Validation) checkAccount(ctx context.Context, event *connectapi.Event) diag.Diagnostics {
	if v.Step.AccountID.IsUnknown() || v.Step.AccountID.IsNull() && !v.Complete {
		return nil
	}
	if v.Step.AccountID.IsNull() {
		return v.checkNoAccount(ctx, event)
	}
	var diags diag.Diagnostics
	at, id := v.At.AtName("account_id"), v.Step.AccountID.ValueString()
	account, err := tfkit.Fetch(ctx, &v.Provider.Metadata, "account "+id, func(ctx context.Context) (*connectapi.ConnectedAccount, error) {
		return v.Provider.Client.ConnectedAccount(ctx, id)
	})

	switch {
	case connectapi.IsNotFound(err):
		tfkit.AttributeError(&diags, errcode.NoSuchAccount, at,
			fmt.Sprintf("The service has no connected account %s.", id),
			tfkit.Next(v.reconnect(ctx, event)+" Then use the id of the new account, for example from the data source appypie_connected_account."))
	case err != nil:
		return MetadataProblem(v.Provider, "connected account "+id, err)
	case account.AppID != "" && event.AppID != "" && account.AppID != event.AppID:
		tfkit.AttributeError(&diags, errcode.AccountOfAnother, at,
			fmt.Sprintf("The connected account %s (%s) belongs to app %s, but the %s %q is one of app %s.",
				account.ID, account.Name, account.AppID, v.Kind, event.Name, event.AppID))
	case brokenStatus(account.Status):
		tfkit.AttributeWarning(&diags, errcode.AccountBroken, at,
			fmt.Sprintf("The connected account %s (%s) has the status %q, so the step will fail when it runs or is tested.",
				account.ID, account.Name, account.Status), tfkit.Next(v.reconnect(ctx, event)+" Use the id of the new account if it is another one."))
	}
	return diags
}

// checkNoAccount: a step that has to be complete needs an account, unless its
// app needs none.
func (v Validation) checkNoAccount(ctx context.Context, event *connectapi.Event) diag.Diagnostics {
	var diags diag.Diagnostics
	app, err := v.app(ctx, event.AppID)
	if err != nil {
		return MetadataProblem(v.Provider, "app "+event.AppID, err)
	}
	if app.AuthType != "" {
		tfkit.AttributeError(&diags, errcode.AccountMissing, v.At.AtName("account_id"),
			fmt.Sprintf("The %s %q is one of %s, which needs a connected account.", v.Kind, event.Name, app.Name))
	}
	return diags
}

// app reads an app once in a run.
func (v Validation) app(ctx context.Context, id string) (*connectapi.App, error) {
	return tfkit.Fetch(ctx, &v.Provider.Metadata, "app "+id, func(ctx context.Context) (*connectapi.App, error) {
		return v.Provider.Client.App(ctx, id)
	})
}

// reconnect says how a person connects an account, which Terraform cannot.
func (v Validation) reconnect(ctx context.Context, event *connectapi.Event) string {
	name, slug := "its app", event.AppID
	if app, err := v.app(ctx, event.AppID); err == nil {
		name = app.Name
		if app.SeoLink != "" {
			slug = app.SeoLink
		}
	}
	return fmt.Sprintf("To connect the account again, run appypie accounts connect %s, or open %s in the service.", slug, name)
}

// brokenStatus reports whether a status word means that an account does not work.
// The words are assumed; one that is not known means nothing.
func brokenStatus(status string) bool {
	return slices.Contains([]string{"expired", "revoked", "disconnected", "disabled", "inactive", "invalid", "failed"}, strings.ToLower(status))
}
