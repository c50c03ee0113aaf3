package provider

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/connect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Configure builds the client. It makes no request: credentials are first used
// when the first resource or data source needs them.
func (p *appypieProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if unknown := unknownPaths(req.Config.Raw); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}

			return
		}

		for _, at := range unknown {
			resp.Diagnostics.AddAttributeError(at, "Provider setting is not known yet",
				"The value comes from a resource that has not been applied. Apply that resource first with -target, or set the value from a variable or the environment.")
		}

		return
	}

	var model providerModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}

	resolved := model.resolve(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	data := p.build(resolved, req.TerraformVersion, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.ResourceData, resp.DataSourceData = data, data
}

// unknownPaths lists the attributes whose values, or parts of them, are not
// known.
func unknownPaths(config tftypes.Value) []path.Path {
	var attributes map[string]tftypes.Value
	if config.As(&attributes) != nil {
		return nil
	}

	var unknown []path.Path

	for name, value := range attributes {
		if !value.IsFullyKnown() {
			unknown = append(unknown, path.Root(name))
		}
	}

	return unknown
}

func (p *appypieProvider) build(s settings, terraformVersion string, diags *diag.Diagnostics) *tfkit.ProviderData {
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{
		Timeout:   s.requestTimeout,
		CAFile:    s.caFile,
		UserAgent: fmt.Sprintf("terraform-provider-appypie/%s Terraform/%s", p.version, terraformVersion),
	})
	if err != nil {
		invalid(diags, "ca_certificate_file", "cannot be used: "+err.Error())

		return nil
	}

	s.auth.HTTPClient, s.auth.Logger = httpClient, logAuth

	tokens, err := auth.New(s.auth)
	if err != nil {
		addConfigError(diags, err)

		return nil
	}

	client, err := connectapi.New(connectapi.Config{
		BaseURL:              s.apiURL,
		Endpoints:            s.endpoints,
		HTTPClient:           httpClient,
		Tokens:               tokens,
		PlatformKeys:         platformKeys(s, httpClient, diags),
		Retry:                s.retry,
		MaxRequestsPerSecond: s.perSecond,
		Log:                  tflogDebug,
	})
	if err != nil {
		addClientError(diags, err)
	}

	account := strings.Join([]string{s.apiURL, s.auth.ClientID, s.auth.Profile}, "\x00")

	return &tfkit.ProviderData{Client: client, OptionValidation: s.optionValidation, Now: time.Now, RecordDir: connect.RecordDir(account)}
}

// platformKeys is nil unless one of the two keys is set.
func platformKeys(s settings, httpClient *http.Client, diags *diag.Diagnostics) connectapi.PlatformKeySource {
	if s.platformKey.TokenKey == "" && s.platformKey.SecretKey == "" {
		return nil
	}

	s.platformKey.HTTPClient = httpClient

	source, err := auth.NewPlatformKey(s.platformKey)
	if err != nil {
		addConfigError(diags, err)

		return nil
	}

	return source
}

// addConfigError points at the attribute that the auth package names.
func addConfigError(diags *diag.Diagnostics, err error) {
	var config *auth.ConfigError
	if !errors.As(err, &config) {
		diags.AddError("Invalid provider configuration", tfkit.Sentence(err)+" Correct the provider block.")

		return
	}

	root, rest, nested := strings.Cut(config.Attribute, ".")
	at := path.Root(root)

	if nested {
		at = at.AtName(rest)
	}

	diags.AddAttributeError(at, strings.ToUpper(config.Summary[:1])+config.Summary[1:],
		fmt.Sprintf("%s. The value comes from %s in the provider block or from the environment variable %s.", config.Detail, config.Attribute, variable(root)))
}

func addClientError(diags *diag.Diagnostics, err error) {
	var endpoint *connectapi.EndpointError
	if errors.As(err, &endpoint) {
		diags.AddAttributeError(path.Root("endpoints").AtMapKey(endpoint.Operation), "Invalid endpoint override", tfkit.Sentence(err)+" Correct it in the provider block.")

		return
	}

	invalid(diags, "api_url", "cannot be used: "+err.Error())
}

func tflogDebug(ctx context.Context, message string, fields map[string]any) {
	tflog.Debug(ctx, message, fields)
}

func logAuth(ctx context.Context, level slog.Level, message string, fields map[string]any) {
	switch {
	case level >= slog.LevelWarn:
		tflog.Warn(ctx, message, fields)
	case level >= slog.LevelInfo:
		tflog.Info(ctx, message, fields)
	default:
		tflog.Debug(ctx, message, fields)
	}
}
