package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// minRequestsPerSecond is slow enough for any limit and fast enough to end.
const minRequestsPerSecond = 0.1

// encryptionKey is a setting of the environment alone.
const encryptionKey = "token_store_key"

type providerModel struct {
	AccessToken          types.String     `tfsdk:"access_token"`
	AccessTokenExpiresAt types.String     `tfsdk:"access_token_expires_at"`
	TokenCommand         types.List       `tfsdk:"token_command"`
	ClientID             types.String     `tfsdk:"client_id"`
	ClientSecret         types.String     `tfsdk:"client_secret"`
	RefreshToken         types.String     `tfsdk:"refresh_token"`
	ClientAuth           types.String     `tfsdk:"client_auth"`
	Profile              types.String     `tfsdk:"profile"`
	TokenStore           *tokenStoreModel `tfsdk:"token_store"`
	TokenKey             types.String     `tfsdk:"token_key"`
	SecretKey            types.String     `tfsdk:"secret_key"`
	APIURL               types.String     `tfsdk:"api_url"`
	TokenURL             types.String     `tfsdk:"token_url"`
	PlatformKeyURL       types.String     `tfsdk:"platform_key_url"`
	Dialect              types.String     `tfsdk:"dialect"`
	Endpoints            types.Map        `tfsdk:"endpoints"`
	OptionValidation     types.String     `tfsdk:"option_validation"`
	MaxRetries           types.Int64      `tfsdk:"max_retries"`
	RequestTimeout       types.String     `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Float64    `tfsdk:"max_requests_per_second"`
	CACertificateFile    types.String     `tfsdk:"ca_certificate_file"`
}

type tokenStoreModel struct {
	Type       types.String `tfsdk:"type"`
	Path       types.String `tfsdk:"path"`
	GetCommand types.List   `tfsdk:"get_command"`
	PutCommand types.List   `tfsdk:"put_command"`
}

// settings is the provider block with the environment and the defaults applied.
type settings struct {
	auth        auth.Config
	platformKey auth.PlatformKeyConfig
	apiURL      string
	// dialect is the text of the document, dialectName what messages call it.
	dialect, dialectName string
	endpoints            map[string]string
	optionValidation     tfkit.OptionValidation
	retry                connectapi.RetryPolicy
	requestTimeout       time.Duration
	perSecond            float64
	caFile               string
}

// resolve applies environment and defaults. Each value comes from its
// attribute, else from APPYPIE_ and the attribute's name in capitals.
func (m providerModel) resolve(ctx context.Context, diags *diag.Diagnostics) settings {
	store := m.TokenStore
	if store == nil {
		store = &tokenStoreModel{}
	}
	document, documentName := dialectOf(m.Dialect, diags)

	return settings{
		dialect: document, dialectName: documentName,
		auth: auth.Config{
			AccessToken:          text(m.AccessToken, "access_token"),
			AccessTokenExpiresAt: moment(m.AccessTokenExpiresAt, "access_token_expires_at", diags),
			TokenCommand:         words(ctx, m.TokenCommand, "token_command", diags),
			ClientID:             text(m.ClientID, "client_id"),
			ClientSecret:         text(m.ClientSecret, "client_secret"),
			RefreshToken:         text(m.RefreshToken, "refresh_token"),
			ClientAuth:           auth.ClientAuth(text(m.ClientAuth, "client_auth")),
			TokenURL:             text(m.TokenURL, "token_url"),
			Profile:              text(m.Profile, "profile"),
			Store: auth.StoreConfig{
				Type:          text(store.Type, "token_store_type"),
				Path:          text(store.Path, "token_store_path"),
				GetCommand:    words(ctx, store.GetCommand, "token_store_get_command", diags),
				PutCommand:    words(ctx, store.PutCommand, "token_store_put_command", diags),
				EncryptionKey: fromEnvironment(encryptionKey),
			},
		},
		platformKey: auth.PlatformKeyConfig{
			TokenKey:  text(m.TokenKey, "token_key"),
			SecretKey: text(m.SecretKey, "secret_key"),
			URL:       text(m.PlatformKeyURL, "platform_key_url"),
		},
		apiURL:           text(m.APIURL, "api_url"),
		endpoints:        endpoints(ctx, m.Endpoints, diags),
		optionValidation: validation(m.OptionValidation, diags),
		retry:            connectapi.RetryPolicy{Max: retries(m.MaxRetries, diags)},
		requestTimeout:   duration(m.RequestTimeout, "request_timeout", diags),
		perSecond:        perSecond(m.MaxRequestsPerSecond, diags),
		caFile:           text(m.CACertificateFile, "ca_certificate_file"),
	}
}

// variable is the environment variable of an attribute.
func variable(attribute string) string { return "APPYPIE_" + strings.ToUpper(attribute) }

func fromEnvironment(attribute string) string { return os.Getenv(variable(attribute)) }

func text(value types.String, attribute string) string {
	if !value.IsNull() {
		return value.ValueString()
	}
	return fromEnvironment(attribute)
}

func words(ctx context.Context, value types.List, attribute string, diags *diag.Diagnostics) []string {
	var result []string
	if !value.IsNull() {
		diags.Append(value.ElementsAs(ctx, &result, false)...)
		return result
	}
	raw := fromEnvironment(attribute)
	if !strings.HasPrefix(raw, "[") {
		return strings.Fields(raw)
	}
	if err := json.Unmarshal([]byte(raw), &result); err != nil {
		invalid(diags, attribute, "must be a JSON list of strings, or words separated by spaces")
	}
	return result
}

func moment(value types.String, attribute string, diags *diag.Diagnostics) time.Time {
	raw := text(value, attribute)
	if raw == "" {
		return time.Time{}
	}
	if seconds, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	at, err := time.Parse(time.RFC3339, raw)
	if err != nil {
		invalid(diags, attribute, "must be a time such as 2026-11-22T10:00:00Z, or Unix seconds")
	}
	return at
}

func duration(value types.String, attribute string, diags *diag.Diagnostics) time.Duration {
	raw := text(value, attribute)
	if raw == "" {
		return connectapi.DefaultRequestTimeout
	}
	result, err := time.ParseDuration(raw)
	if err != nil || result < time.Second || result > time.Hour {
		invalid(diags, attribute, "must be a duration from 1s to 1h, such as 60s or 2m")
	}
	return result
}

func retries(value types.Int64, diags *diag.Diagnostics) int {
	if !value.IsNull() {
		return int(value.ValueInt64())
	}
	raw := fromEnvironment("max_retries")
	if raw == "" {
		return connectapi.DefaultMaxRetries
	}
	result, err := strconv.Atoi(raw)
	if err != nil || result < 0 || result > maxMaxRetries {
		invalid(diags, "max_retries", fmt.Sprintf("must be a whole number from 0 to %d", maxMaxRetries))
	}
	return result
}

func perSecond(value types.Float64, diags *diag.Diagnostics) float64 {
	if !value.IsNull() {
		return value.ValueFloat64()
	}
	raw := fromEnvironment("max_requests_per_second")
	if raw == "" {
		return 0
	}
	result, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(result >= minRequestsPerSecond) {
		invalid(diags, "max_requests_per_second", fmt.Sprintf("must be a number of at least %v", minRequestsPerSecond))
	}
	return result
}

func validation(value types.String, diags *diag.Diagnostics) tfkit.OptionValidation {
	switch result := tfkit.OptionValidation(text(value, "option_validation")); result {
	case "":
		return tfkit.ValidationError
	case tfkit.ValidationError, tfkit.ValidationWarn, tfkit.ValidationOff:
		return result
	default:
		invalid(diags, "option_validation", "must be error, warn or off")
		return tfkit.ValidationError
	}
}

// dialectOf returns the text of the attribute, or of the file that the environment
// names, and how messages call it.
func dialectOf(value types.String, diags *diag.Diagnostics) (document, name string) {
	if !value.IsNull() {
		return value.ValueString(), "dialect"
	}
	name = fromEnvironment("dialect")
	if name == "" {
		return "", ""
	}
	raw, err := os.ReadFile(name) //nolint:gosec // the user names the file in the environment.
	if err != nil {
		invalid(diags, "dialect", "names a file that cannot be read: "+err.Error())
	}
	return string(raw), name
}

func endpoints(ctx context.Context, value types.Map, diags *diag.Diagnostics) map[string]string {
	var result map[string]string
	if !value.IsNull() {
		diags.Append(value.ElementsAs(ctx, &result, false)...)
		return result
	}
	raw := fromEnvironment("endpoints")
	if raw == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(raw), &result); err != nil {
		invalid(diags, "endpoints", "must be a JSON object of strings")
	}
	return result
}

// invalid reports a setting that cannot be used, wherever it came from.
func invalid(diags *diag.Diagnostics, attribute, must string) {
	at, written := attributePath(attribute)
	tfkit.AttributeError(diags, errcode.InvalidSetting, at,
		fmt.Sprintf("%s %s.", written, must), tfkit.Next(fmt.Sprintf("Correct it in the provider block or in the environment variable %s.", variable(attribute))))
}

// attributePath is where an attribute stands in the provider block, as a path
// and as it is written. Those of the token store are named after their
// environment variables, in which the block is a prefix.
func attributePath(attribute string) (at path.Path, written string) {
	const block = "token_store"
	if part, nested := strings.CutPrefix(attribute, block+"_"); nested {
		return path.Root(block).AtName(part), block + "." + part
	}
	return path.Root(attribute), attribute
}
