package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const maxMaxRetries = 20

// Schema describes the provider block.
func (p *appypieProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := credentialAttributes()
	maps.Copy(attributes, serviceAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages Appy Pie Connect (also sold as Automate): when something happens in one app, actions run in others. " +
			"Every attribute can also come from the environment variable named with it; an attribute wins over its variable.",
		Attributes: attributes,
	}
}

// credentialAttributes say who calls the service.
func credentialAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"access_token": schema.StringAttribute{
			MarkdownDescription: "Access token that is used as it is and never renewed. The first source of credentials that is set wins: `access_token`, `token_command`, `refresh_token`, then the login that `appypie login` stored. Environment: `APPYPIE_ACCESS_TOKEN`.",
			Optional:            true,
			Sensitive:           true,
		},
		"access_token_expires_at": schema.StringAttribute{
			MarkdownDescription: "When `access_token` ends, RFC 3339 or Unix seconds. Environment: `APPYPIE_ACCESS_TOKEN_EXPIRES_AT`.",
			Optional:            true,
			Validators:          []validator.String{settingValidator{checkMoment}},
		},
		"token_command": schema.ListAttribute{
			MarkdownDescription: "Program and arguments that print `{\"access_token\": \"…\", \"expires_at\": …}`. It is not run by a shell. Environment: `APPYPIE_TOKEN_COMMAND`, a JSON list or words separated by spaces.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
		},
		"client_id": schema.StringAttribute{
			MarkdownDescription: "Id of the OAuth client. Environment: `APPYPIE_CLIENT_ID`.",
			Optional:            true,
		},
		"client_secret": schema.StringAttribute{
			MarkdownDescription: "Secret of the OAuth client. Environment: `APPYPIE_CLIENT_SECRET`.",
			Optional:            true,
			Sensitive:           true,
		},
		"refresh_token": schema.StringAttribute{
			MarkdownDescription: "Refresh token of a login. Each renewal replaces it, so it is spent once and its successors are kept in the token store. Environment: `APPYPIE_REFRESH_TOKEN`.",
			Optional:            true,
			Sensitive:           true,
		},
		"client_auth": schema.StringAttribute{
			MarkdownDescription: "Where the client credentials go in token requests: `body` (default) or `header`. Environment: `APPYPIE_CLIENT_AUTH`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf("body", "header")},
		},
		"profile": schema.StringAttribute{
			MarkdownDescription: "Selects among several logins in the token store. Default `default`. Environment: `APPYPIE_PROFILE`.",
			Optional:            true,
		},
		"token_store": tokenStoreAttribute(),
		"token_key": schema.StringAttribute{
			MarkdownDescription: "Token key of the platform. With `secret_key` it yields the platform key that calls send as the header `ACCESSTOKEN`. Environment: `APPYPIE_TOKEN_KEY`.",
			Optional:            true,
			Sensitive:           true,
		},
		"secret_key": schema.StringAttribute{
			MarkdownDescription: "Secret key of the platform. Environment: `APPYPIE_SECRET_KEY`.",
			Optional:            true,
			Sensitive:           true,
		},
	}
}

// serviceAttributes say where the service is and how it is called.
func serviceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"api_url": schema.StringAttribute{
			MarkdownDescription: "Base of the API. Default `https://developer.appypie.com/api/v2/integrations` (documented). Environment: `APPYPIE_API_URL`.",
			Optional:            true,
		},
		"token_url": schema.StringAttribute{
			MarkdownDescription: "Token endpoint. Default `https://connectcloud.appypie.com/v1/oauth2/token` (documented). Environment: `APPYPIE_TOKEN_URL`.",
			Optional:            true,
		},
		"platform_key_url": schema.StringAttribute{
			MarkdownDescription: "Platform key endpoint. Default `https://openapi2.appypie.com/create-refresh-token` (documented). Environment: `APPYPIE_PLATFORM_KEY_URL`.",
			Optional:            true,
		},
		"dialect": schema.StringAttribute{
			MarkdownDescription: "What the service looks like on the wire, where it differs from what is assumed: the text of a YAML document, such as `file(\"dialect.yaml\")`. See the guide *Fit the provider to your service*. Environment: `APPYPIE_DIALECT`, the path of a file.",
			Optional:            true,
		},
		"endpoints": schema.MapAttribute{
			MarkdownDescription: "Overrides the method and path of operations, for services that differ from what is assumed: `{ turn_on_connect = \"POST /connect/{connectId}/on\" }`. It is the one-line form of a `dialect` and goes over it. Environment: `APPYPIE_ENDPOINTS`, a JSON object.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.Map{mapvalidator.NoNullValues()},
		},
		"option_validation": schema.StringAttribute{
			MarkdownDescription: "What plan does with options that the metadata of the app does not allow: `error` (default), `warn` or `off`. A choice that the connected account does not offer, and a `{{key}}` that no step before an action brings, are warnings under `error` too. Environment: `APPYPIE_OPTION_VALIDATION`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf("error", "warn", "off")},
		},
		"max_retries": schema.Int64Attribute{
			MarkdownDescription: "How often a failed request is repeated, 0 to 20. Requests that could act twice are repeated only when the service says that it did nothing. Default 4. Environment: `APPYPIE_MAX_RETRIES`.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(0, maxMaxRetries)},
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: "Longest time for one attempt of a request, such as `60s` (default) or `2m`. Environment: `APPYPIE_REQUEST_TIMEOUT`.",
			Optional:            true,
			Validators:          []validator.String{settingValidator{checkDuration}},
		},
		"max_requests_per_second": schema.Float64Attribute{
			MarkdownDescription: "Most requests per second of this provider process. Default: no limit. Environment: `APPYPIE_MAX_REQUESTS_PER_SECOND`.",
			Optional:            true,
			Validators:          []validator.Float64{float64validator.AtLeast(minRequestsPerSecond)},
		},
		"ca_certificate_file": schema.StringAttribute{
			MarkdownDescription: "PEM file of certificate authorities to trust in addition to the system's. Environment: `APPYPIE_CA_CERTIFICATE_FILE`.",
			Optional:            true,
		},
	}
}

func tokenStoreAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Where the refresh tokens are kept. The key `APPYPIE_TOKEN_STORE_KEY` in the environment, at least 16 characters, encrypts them.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "`file` (default), `command`, or `none`, which refuses to spend a refresh token because its successor would be lost. Environment: `APPYPIE_TOKEN_STORE_TYPE`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf("file", "command", "none")},
			},
			"path": schema.StringAttribute{
				MarkdownDescription: "Folder of the store, which only its owner may enter. Default `appypie` in the user's configuration folder. Environment: `APPYPIE_TOKEN_STORE_PATH`.",
				Optional:            true,
			},
			"get_command": schema.ListAttribute{
				MarkdownDescription: "For `command`: program and arguments that print the stored document, or nothing. Environment: `APPYPIE_TOKEN_STORE_GET_COMMAND`, as with `token_command`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			},
			"put_command": schema.ListAttribute{
				MarkdownDescription: "For `command`: program and arguments that store the document given on standard input. Environment: `APPYPIE_TOKEN_STORE_PUT_COMMAND`, as with `token_command`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			},
		},
	}
}

// settingValidator finds a malformed setting when the configuration is validated,
// and not only when the provider is configured.
type settingValidator struct {
	check func(value types.String, attribute string, diags *diag.Diagnostics)
}

func checkDuration(value types.String, attribute string, diags *diag.Diagnostics) {
	duration(value, attribute, diags)
}

func checkMoment(value types.String, attribute string, diags *diag.Diagnostics) {
	moment(value, attribute, diags)
}

// Description implements validator.String.
func (settingValidator) Description(context.Context) string { return "must be well-formed" }

// MarkdownDescription implements validator.String.
func (v settingValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v settingValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		v.check(req.ConfigValue, req.Path.String(), &resp.Diagnostics)
	}
}
