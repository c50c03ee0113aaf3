package provider

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
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
			tfkit.AttributeError(&resp.Diagnostics, errcode.SettingUnknown, at,
				"The value comes from a resource that has not been applied.")
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

	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = data, data, data
	resp.ListResourceData, resp.ActionData = data, data
}

// unknownPaths lists the attributes, or the parts of them, whose values are not
// known.
func unknownPaths(config tftypes.Value) []path.Path {
	var unknown []path.Path

	// The walk fails only where the callback does.
	_ = tftypes.Walk(config, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if value.IsKnown() {
			return true, nil
		}
		unknown = append(unknown, frameworkPath(at))
		return false, nil
	})
	slices.SortFunc(unknown, func(a, b path.Path) int { return strings.Compare(a.String(), b.String()) })
	return unknown
}

// frameworkPath translates a path of the protocol. The provider block has no
// sets, whose elements only a value could name.
func frameworkPath(at *tftypes.AttributePath) path.Path {
	result := path.Empty()
	for _, step := range at.Steps() {
		switch s := step.(type) {
		case tftypes.AttributeName:
			result = result.AtName(string(s))
		case tftypes.ElementKeyString:
			result = result.AtMapKey(string(s))
		case tftypes.ElementKeyInt:
			result = result.AtListIndex(int(s))
		}
	}
	return result
}

func (p *appypieProvider) build(s settings, terraformVersion string, diags *diag.Diagnostics) *tfkit.ProviderData {
	if err := wire.CheckProxy(os.Getenv); err != nil {
		tfkit.Error(diags, errcode.InvalidSetting, tfkit.Sentence(err))
		return nil
	}
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{
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

	var sources []dialect.Source
	if s.dialect != "" {
		sources = append(sources, dialect.File(s.dialectName, []byte(s.dialect)))
	}
	spoken, err := dialect.Load(append(sources, dialect.Endpoints(s.endpoints))...)
	if err != nil {
		addDialectErrors(diags, err, s)
		return nil
	}
	tokens = tfkit.SayOnce(tokens)
	client, err := connectapi.New(connectapi.Config{
		BaseURL:              s.apiURL,
		Dialect:              spoken,
		HTTPClient:           httpClient,
		Tokens:               tokens,
		PlatformKeys:         platformKeys(s, httpClient, diags),
		Retry:                s.retry,
		RequestTimeout:       s.requestTimeout,
		MaxRequestsPerSecond: s.perSecond,
		Log:                  logAPI,
	})
	if err != nil {
		invalid(diags, "api_url", "cannot be used: "+err.Error())
	}
	account := strings.Join([]string{s.apiURL, s.auth.ClientID, s.auth.Profile}, "\x00")
	return &tfkit.ProviderData{Client: client, Tokens: tokens, OptionValidation: s.optionValidation, Now: time.Now, Records: tfkit.NewRecords(tfkit.RecordDir(account), time.Now)}
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
	config, ok := errors.AsType[*auth.ConfigError](err)
	if !ok {
		tfkit.Error(diags, errcode.InvalidSetting, tfkit.Sentence(err))
		return
	}
	root, rest, nested := strings.Cut(config.Attribute, ".")
	at := path.Root(root)
	source := fmt.Sprintf("%s in the provider block or from the environment variable %s", config.Attribute, variable(strings.ReplaceAll(config.Attribute, ".", "_")))

	switch {
	case config.Attribute == "token_store.encryption_key":
		// The one setting that is no attribute, so that it is in no configuration.
		source = "the environment variable " + variable(encryptionKey)
	case config.Attribute == "token_store":
		source = "token_store.type in the provider block or from the environment variable " + variable("token_store_type")
	case nested:
		at = at.AtName(rest)
	}
	tfkit.AttributeError(diags, errcode.InvalidSetting, at,
		fmt.Sprintf("%s: %s.", strings.ToUpper(config.Summary[:1])+config.Summary[1:], config.Detail), tfkit.Next("Correct "+source+"."))
}

// addDialectErrors points at the attribute that each fault stands in.
func addDialectErrors(diags *diag.Diagnostics, err error, s settings) {
	faults := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		faults = joined.Unwrap()
	}
	for _, fault := range faults {
		wrong, ok := errors.AsType[*dialect.LoadError](fault)
		switch {
		case !ok:
			tfkit.AttributeError(diags, errcode.InvalidDialect, path.Root("dialect"), tfkit.Sentence(fault))
		case s.endpoints[string(wrong.Operation)] != "" && (wrong.Place.Line == 0 || wrong.Place.Source == ""), s.dialect == "":
			tfkit.AttributeError(diags, errcode.InvalidEndpoint, path.Root("endpoints").AtMapKey(string(wrong.Operation)),
				fmt.Sprintf("%s: %s.", wrong.Operation, wrong.Reason))
		default:
			tfkit.AttributeError(diags, errcode.InvalidDialect, path.Root("dialect"), dialectFault(wrong, s), correctDialect(s))
		}
	}
}

// correctDialect says which file to correct.
func correctDialect(s settings) tfkit.Next {
	if s.dialectName != "dialect" {
		return tfkit.Next("Correct the file that the environment variable " + variable("dialect") + " names.")
	}
	return "Correct the file that dialect in the provider block reads."
}

// dialectFault says where in which document a fault is.
func dialectFault(wrong *dialect.LoadError, s settings) string {
	where := wrong.Place.String()
	if s.dialectName == "dialect" && wrong.Place.Source == s.dialectName {
		where = fmt.Sprintf("line %d", wrong.Place.Line)
	}
	if wrong.Member != "" {
		where += ": " + wrong.Member
	}
	return fmt.Sprintf("%s: %s.", strings.ToUpper(where[:1])+where[1:], wrong.Reason)
}

// logAPI writes the entries of the API client to a subsystem of its own, whose
// level the variable TF_LOG_PROVIDER_APPYPIE_API sets apart from the rest.
func logAPI(ctx context.Context, message string, fields map[string]any) {
	const subsystem = "api"
	ctx = tflog.NewSubsystem(ctx, subsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_APPYPIE", subsystem))
	tflog.SubsystemDebug(ctx, subsystem, message, fields)
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
