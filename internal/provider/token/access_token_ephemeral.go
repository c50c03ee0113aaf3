// Package token holds what hands access tokens to the rest of a configuration.
package token

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type accessTokenEphemeral struct {
	tfkit.EphemeralBase
}

// NewAccessTokenEphemeral is the constructor of appypie_access_token.
func NewAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

type accessTokenModel struct {
	AccessToken types.String `tfsdk:"access_token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// Metadata implements ephemeral.EphemeralResource.
func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Schema implements ephemeral.EphemeralResource.
func (e *accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Gives a valid access token of this provider's login, renewed first when it is due, to tools that also call the API.\n\n" +
			"Being ephemeral, it is in no state and no plan. It needs Terraform 1.10 or newer.\n\n" +
			"Calls nothing while a token of the login lasts; otherwise the documented operation `create_token`.",
		Attributes: map[string]schema.Attribute{
			"access_token": schema.StringAttribute{
				MarkdownDescription: "The access token, for the header `Authorization: Bearer …`. Whoever has it can use the account until it ends.",
				Computed:            true,
				Sensitive:           true,
			},
			"expires_at": schema.StringAttribute{
				MarkdownDescription: "When the token ends, in RFC 3339; null if that is not known.",
				Computed:            true,
			},
		},
	}
}

// Open implements ephemeral.EphemeralResource. There is no Renew and no Close: a
// new token would not reach those who were given the old one, and the service
// has no call that ends a token.
func (e *accessTokenEphemeral) Open(ctx context.Context, _ ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	token, err := e.Provider.Tokens.Token(ctx)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Cannot obtain an access token", err)
		return
	}
	model := accessTokenModel{AccessToken: types.StringValue(token.AccessToken), ExpiresAt: types.StringNull()}
	if !token.ExpiresAt.IsZero() {
		model.ExpiresAt = types.StringValue(token.ExpiresAt.UTC().Format(time.RFC3339))
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
}
