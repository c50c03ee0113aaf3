package account

import (
	"context"
	"fmt"
	"net"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type authorizationEphemeral struct{ tfkit.EphemeralBase }

type authorizationModel struct {
	AppID       types.String `tfsdk:"app_id"`
	CallbackURL types.String `tfsdk:"callback_url"`
	URL         types.String `tfsdk:"url"`
}

// NewAuthorizationEphemeral returns the ephemeral resource
// appypie_account_authorization.
func NewAuthorizationEphemeral() ephemeral.EphemeralResource { return &authorizationEphemeral{} }

// Metadata implements ephemeral.EphemeralResource.
func (e *authorizationEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_account_authorization"
}

// Schema implements ephemeral.EphemeralResource.
func (e *authorizationEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Makes a link that a person opens in a browser to connect an account of an app; Terraform cannot do that for them.\n\n" +
			"Being ephemeral, the link is in no state and no plan. " +
			"**It is asked for anew each time Terraform needs it, at plan and again at apply**, so two links of one run differ; a link that nobody opens does nothing. " +
			"It needs Terraform 1.10 or newer.\n\n" + tfkit.Provenance(dialect.ConnectAccount, dialect.GetApp),
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the app, as of the data source `appypie_app`. An app whose `auth_type` is null needs no account and has no link.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"callback_url": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Address that the browser is sent back to, which receives the result as its parameter `t`. " +
					"`appypie_connected_account` finds the account with that token. An `https` address, or `http` on the loopback interface.",
				Validators: []validator.String{callbackValidator{}},
			},
			"url": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The link. Whoever opens it connects their account to yours.",
			},
		},
	}
}

// Open implements ephemeral.EphemeralResource. There is no Close: the service
// has no call that withdraws a link.
func (e *authorizationEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model authorizationModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	id := model.AppID.ValueString()
	app, err := e.Provider.Client.App(ctx, id)
	if err != nil {
		tfkit.AddAttributeError(&resp.Diagnostics, path.Root("app_id"), "Cannot read the app "+id, err)
		return
	}
	if app.AuthType == "" {
		tfkit.AttributeError(&resp.Diagnostics, errcode.AppNeedsNoAccount, path.Root("app_id"),
			fmt.Sprintf("Steps of %s (%s) work without a connected account, so there is none to connect.", app.Name, app.ID))
		return
	}
	link, err := e.Provider.Client.AccountLink(ctx, *app, model.CallbackURL.ValueString())
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Cannot obtain a link to connect an account of %s", app.Name), err)
		return
	}

	model.URL = types.StringValue(link)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
}

// callbackValidator keeps the token that a callback address receives on this
// machine or encrypted.
type callbackValidator struct{}

// Description implements validator.String.
func (callbackValidator) Description(context.Context) string {
	return "must be a whole https address without a fragment, or an http address on the loopback interface, such as http://127.0.0.1:8085/callback"
}

// MarkdownDescription implements validator.String.
func (v callbackValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v callbackValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if !safeCallback(req.ConfigValue.ValueString()) {
		tfkit.AttributeError(&resp.Diagnostics, errcode.InvalidCallback, req.Path, "The value "+v.Description(ctx)+".")
	}
}

func safeCallback(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	loopback := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && loopback
}
