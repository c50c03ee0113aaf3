package provider

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// setting is one attribute of the provider block and the one field it is for.
type setting struct {
	// attribute is its name; those of the token store have a dot.
	attribute string
	// config is the attribute's value and fromConfig what must come of it.
	config     any
	fromConfig func(*settings)
	// environment is the variable's value and fromEnvironment what must come of it.
	environment     string
	fromEnvironment func(*settings)
}

// row spells a setting whose field holds a T.
func row[T any](attribute string, config any, fromConfig T, environment string, fromEnv T, field func(*settings) *T) setting {
	return setting{
		attribute: attribute, config: config, environment: environment,
		fromConfig:      func(s *settings) { *field(s) = fromConfig },
		fromEnvironment: func(s *settings) { *field(s) = fromEnv },
	}
}

// textRow spells a setting that reaches its field unchanged.
func textRow(attribute string, field func(*settings) *string) setting {
	return row(attribute, "configured", "configured", "exported", "exported", field)
}

func settingsTable() []setting {
	argv := func(attribute string, field func(*settings) *[]string) setting {
		return row(attribute, []string{"/bin/a", "two words"}, []string{"/bin/a", "two words"}, `["/bin/b","x y"]`, []string{"/bin/b", "x y"}, field)
	}
	return []setting{
		textRow("access_token", func(s *settings) *string { return &s.auth.AccessToken }),
		row("access_token_expires_at", "2026-11-22T10:00:00Z", time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
			"1642508535", time.Unix(1642508535, 0), func(s *settings) *time.Time { return &s.auth.AccessTokenExpiresAt }),
		argv("token_command", func(s *settings) *[]string { return &s.auth.TokenCommand }),
		textRow("client_id", func(s *settings) *string { return &s.auth.ClientID }),
		textRow("client_secret", func(s *settings) *string { return &s.auth.ClientSecret }),
		textRow("refresh_token", func(s *settings) *string { return &s.auth.RefreshToken }),
		row("client_auth", "header", auth.ClientAuthHeader, "body", auth.ClientAuthBody, func(s *settings) *auth.ClientAuth { return &s.auth.ClientAuth }),
		textRow("profile", func(s *settings) *string { return &s.auth.Profile }),
		textRow("token_store.type", func(s *settings) *string { return &s.auth.Store.Type }),
		textRow("token_store.path", func(s *settings) *string { return &s.auth.Store.Path }),
		argv("token_store.get_command", func(s *settings) *[]string { return &s.auth.Store.GetCommand }),
		argv("token_store.put_command", func(s *settings) *[]string { return &s.auth.Store.PutCommand }),
		textRow("token_key", func(s *settings) *string { return &s.platformKey.TokenKey }),
		textRow("secret_key", func(s *settings) *string { return &s.platformKey.SecretKey }),
		textRow("platform_key_url", func(s *settings) *string { return &s.platformKey.URL }),
		textRow("api_url", func(s *settings) *string { return &s.apiURL }),
		textRow("token_url", func(s *settings) *string { return &s.auth.TokenURL }),
		{
			attribute: "dialect", config: "words: {}", environment: dialectFile,
			fromConfig:      func(s *settings) { s.dialect, s.dialectName = "words: {}", "dialect" },
			fromEnvironment: func(s *settings) { s.dialect, s.dialectName = textOf(dialectFile), dialectFile },
		},
		row("endpoints", map[string]string{"get_profile": "GET /a"}, map[string]string{"get_profile": "GET /a"},
			`{"get_profile":"GET /b"}`, map[string]string{"get_profile": "GET /b"}, func(s *settings) *map[string]string { return &s.endpoints }),
		row("option_validation", "warn", tfkit.ValidationWarn, "off", tfkit.ValidationOff,
			func(s *settings) *tfkit.OptionValidation { return &s.optionValidation }),
		row("max_retries", int64(0), 0, "7", 7, func(s *settings) *int { return &s.retry.Max }),
		row("request_timeout", "90s", 90*time.Second, "2m", 2*time.Minute, func(s *settings) *time.Duration { return &s.requestTimeout }),
		row("max_requests_per_second", 2.5, 2.5, "0.5", 0.5, func(s *settings) *float64 { return &s.perSecond }),
		textRow("ca_certificate_file", func(s *settings) *string { return &s.caFile }),
	}
}

const dialectFile = "../../examples/dialects/rpc.yaml"

// textOf is empty for a file that cannot be read, which no test expects.
func textOf(file string) string {
	raw, _ := os.ReadFile(file)
	return string(raw)
}

// defaultSettings are what an empty provider block and an empty environment mean.
func defaultSettings() settings {
	return settings{
		optionValidation: tfkit.ValidationError,
		retry:            connectapi.RetryPolicy{Max: connectapi.DefaultMaxRetries},
		requestTimeout:   connectapi.DefaultRequestTimeout,
	}
}

func TestEachSettingReachesExactlyTheFieldItNames(t *testing.T) {
	expectSettings(t, "nothing is set", nil, func(*settings) {})
	for _, s := range settingsTable() {
		t.Run(s.attribute, func(t *testing.T) {
			expectSettings(t, "configured", map[string]any{s.attribute: s.config}, s.fromConfig)
			t.Setenv(variable(strings.ReplaceAll(s.attribute, ".", "_")), s.environment)
			expectSettings(t, "exported", nil, s.fromEnvironment)
			expectSettings(t, "configured and exported", map[string]any{s.attribute: s.config}, s.fromConfig)
		})
	}
}

func TestEncryptionKeyComesFromTheEnvironmentAlone(t *testing.T) {
	t.Setenv("APPYPIE_TOKEN_STORE_KEY", "0123456789abcdef")
	expectSettings(t, "exported", nil, func(s *settings) { s.auth.Store.EncryptionKey = "0123456789abcdef" })
}

func TestCommandsInTheEnvironmentMayBeWords(t *testing.T) {
	t.Setenv("APPYPIE_TOKEN_COMMAND", "vault read  token")
	expectSettings(t, "exported", nil, func(s *settings) { s.auth.TokenCommand = []string{"vault", "read", "token"} })
}

func TestSettingsTableLeavesNoAttributeOut(t *testing.T) {
	t.Parallel()
	var listed []string
	for _, s := range settingsTable() {
		listed = append(listed, s.attribute)
	}
	slices.Sort(listed)
	if want := leaves(t); !slices.Equal(listed, want) {
		t.Errorf("the table has %v, the schema %v", listed, want)
	}
}

// A description that names a variable which nothing reads sends people astray.
func TestDescriptionsNameTheVariablesThatAreRead(t *testing.T) {
	t.Parallel()
	for name, attribute := range providerSchema(t).Attributes {
		nested, ok := attribute.(schema.SingleNestedAttribute)
		if !ok {
			expectVariable(t, name, attribute)
			continue
		}
		for part, inner := range nested.Attributes {
			expectVariable(t, name+"_"+part, inner)
		}
	}
}

func expectVariable(t *testing.T, name string, attribute schema.Attribute) {
	t.Helper()
	if want := "Environment: `" + variable(name) + "`"; !strings.Contains(attribute.GetMarkdownDescription(), want) {
		t.Errorf("the description of %s lacks %q", name, want)
	}
}

func expectSettings(t *testing.T, when string, configured map[string]any, change func(*settings)) {
	t.Helper()
	var model providerModel

	config := providerConfig(t, configured)
	diags := config.Get(t.Context(), &model)
	got := model.resolve(t.Context(), &diags)
	if len(diags) > 0 {
		t.Fatalf("%s: %s", when, explain(diags))
	}

	want := defaultSettings()
	change(&want)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func providerSchema(t *testing.T) schema.Schema {
	t.Helper()
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	if len(resp.Diagnostics) > 0 {
		t.Fatal(explain(resp.Diagnostics))
	}
	return resp.Schema
}

// leaves are the names of all attributes that hold a value of their own.
func leaves(t *testing.T) []string {
	t.Helper()
	var names []string

	for name, attribute := range providerSchema(t).Attributes {
		nested, ok := attribute.(schema.SingleNestedAttribute)
		if !ok {
			names = append(names, name)
			continue
		}
		for part := range nested.Attributes {
			names = append(names, name+"."+part)
		}
	}
	slices.Sort(names)
	return names
}

// providerConfig is a provider block of the real schema. A value is given under
// the name of its attribute, with a dot where it is nested, and may be a
// tftypes.UnknownValue; everything else is null.
func providerConfig(t *testing.T, given map[string]any) tfsdk.Config {
	t.Helper()
	described := providerSchema(t)
	typ, ok := described.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the provider block is no object")
	}
	return tfsdk.Config{Schema: described, Raw: object(t, typ, "", given)}
}

func object(t *testing.T, typ tftypes.Object, prefix string, given map[string]any) tftypes.Value {
	t.Helper()
	values := map[string]tftypes.Value{}

	for name, inner := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
		if value, ok := given[prefix+name]; ok {
			values[name] = plainValue(t, inner, value)
			continue
		}
		nested, ok := inner.(tftypes.Object)
		if ok && slices.ContainsFunc(slices.Collect(maps.Keys(given)), func(key string) bool { return strings.HasPrefix(key, prefix+name+".") }) {
			values[name] = object(t, nested, prefix+name+".", given)
		}
	}
	return tftypes.NewValue(typ, values)
}

func plainValue(t *testing.T, typ tftypes.Type, plain any) tftypes.Value {
	t.Helper()
	switch v := plain.(type) {
	case []string:
		var elements []tftypes.Value
		for _, element := range v {
			elements = append(elements, tftypes.NewValue(tftypes.String, element))
		}
		return tftypes.NewValue(typ, elements)
	case map[string]string:
		elements := map[string]tftypes.Value{}
		for key, element := range v {
			elements[key] = tftypes.NewValue(tftypes.String, element)
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, plain)
	}
}

func explain(diags diag.Diagnostics) string {
	var lines []string
	for _, one := range diags {
		at := ""
		if located, ok := one.(diag.DiagnosticWithPath); ok {
			at = " at " + located.Path().String()
		}
		lines = append(lines, one.Severity().String()+at+": "+one.Summary()+": "+one.Detail())
	}
	return strings.Join(lines, "\n")
}
