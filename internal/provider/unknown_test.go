package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// everyUnknown maps a path, as a diagnostic shows it, to a provider block whose
// value is unknown there: each attribute, and parts of those that have parts.
func everyUnknown(t *testing.T) map[string]map[string]any {
	t.Helper()
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	cases := map[string]map[string]any{
		"token_store":              {"token_store": tftypes.UnknownValue},
		"token_command[1]":         {"token_command": []tftypes.Value{tftypes.NewValue(tftypes.String, "vault"), unknown}},
		`endpoints["get_profile"]`: {"endpoints": map[string]tftypes.Value{"get_profile": unknown}},
	}
	for _, name := range leaves(t) {
		cases[name] = map[string]any{name: tftypes.UnknownValue}
	}
	return cases
}

func TestUnknownSettingIsOneErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	for at, given := range everyUnknown(t) {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, given, false)
			if len(resp.Diagnostics) != 1 || !strings.HasPrefix(explain(resp.Diagnostics), "Error at "+at+": ") {
				t.Errorf("want one error at %s, got:\n%s", at, explain(resp.Diagnostics))
			}
			if resp.Deferred != nil || resp.ResourceData != nil || resp.DataSourceData != nil {
				t.Error("the provider works on with half a configuration")
			}
		})
	}
}

func TestUnknownSettingDefersWhereTerraformCan(t *testing.T) {
	t.Parallel()
	for at, given := range everyUnknown(t) {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, given, true)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("diagnostics:\n%s", explain(resp.Diagnostics))
			}
			if resp.Deferred == nil || resp.Deferred.Reason != provider.DeferredReasonProviderConfigUnknown || resp.ResourceData != nil {
				t.Errorf("deferred %+v with data %v", resp.Deferred, resp.ResourceData)
			}
		})
	}
}

func TestSeveralUnknownSettingsAreNamedInOrder(t *testing.T) {
	t.Parallel()
	text := explain(configure(t, map[string]any{"client_id": tftypes.UnknownValue, "api_url": tftypes.UnknownValue}, false).Diagnostics)
	first, second := strings.Index(text, "at api_url"), strings.Index(text, "at client_id")
	if first < 0 || second < first {
		t.Errorf("diagnostics:\n%s", text)
	}
}

func configure(t *testing.T, given map[string]any, deferralAllowed bool) provider.ConfigureResponse {
	t.Helper()
	var resp provider.ConfigureResponse
	New("test")().Configure(t.Context(), provider.ConfigureRequest{
		Config:             providerConfig(t, given),
		ClientCapabilities: provider.ConfigureProviderClientCapabilities{DeferralAllowed: deferralAllowed},
	}, &resp)
	return resp
}
