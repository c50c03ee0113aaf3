package token_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const typeName = "appypie_access_token"

// The echo provider keeps in its state what it was configured with, which shows
// an ephemeral value to the test.
func TestAccAccessToken_reachesAnotherProvider(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the test puts a token into a state")

	factories := env.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	data := tfjsonpath.New("data")

	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			ExpectNonEmptyPlan: acctest.OpensEphemerals(t),
			Config: env.Config(`
				ephemeral "appypie_access_token" "this" {}
				provider "echo" { data = ephemeral.appypie_access_token.this }
				resource "echo" "seen" {}
			`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.seen", data.AtMapKey("access_token"), knownvalue.StringFunc(func(token string) error {
					if !slices.Contains(env.Sim.IssuedSecrets(), token) {
						t.Error("the token is none of the service's")
					}
					return nil
				})),
				statecheck.ExpectKnownValue("echo.seen", data.AtMapKey("expires_at"), knownvalue.StringFunc(func(text string) error {
					_, err := time.Parse(time.RFC3339, text)
					return err
				})),
			},
		}},
	})
	if stats := env.Sim.TokenStats(); stats.Reuses != 0 || stats.Refreshes != 1 {
		t.Errorf("tokens: %+v", stats)
	}
}

// Nothing of an ephemeral value is kept.
func TestAccAccessToken_isInNoState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		ExpectNonEmptyPlan: acctest.OpensEphemerals(t),
		Config: env.Config(`
			ephemeral "appypie_access_token" "this" {}
			locals { header = "Bearer ${ephemeral.appypie_access_token.this.access_token}" }
			data "appypie_profile" "me" {}
		`),
	})
}

func TestAccessTokenIsOneThatWorks(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(*simulator.Config) {}))
	first, diags := open(t, env, env.Settings())
	if len(diags) > 0 {
		t.Fatalf("open: %v", diags)
	}
	if again, _ := open(t, env, env.Settings()); again["access_token"] != first["access_token"] {
		t.Error("a second provider has another token although the first one's lasts")
	}
	settings := map[string]any{"api_url": env.Settings()["api_url"], "access_token": first["access_token"]}
	driver := acctest.NewDriver(t, server(t, env))
	if diags := driver.Configure(t.Context(), settings); diags.HasError() {
		t.Fatal(diags)
	}
	if _, diags := driver.ReadData(t.Context(), "appypie_profile", nil); diags.HasError() {
		t.Errorf("the token does not work: %s", diags)
	}

	// Of a token that came from the configuration the end is not known.
	given, diags := open(t, env, settings)
	if len(diags) > 0 || given["access_token"] != first["access_token"] || given["expires_at"] != "" {
		t.Errorf("expires_at %q, diagnostics %v", given["expires_at"], diags)
	}
}

func TestAccessTokenFailsWithTheNextStep(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(*simulator.Config) {}))
	settings := env.Settings()
	for _, name := range []string{"client_id", "client_secret", "refresh_token", "token_url"} {
		delete(settings, name)
	}
	_, diags := open(t, env, settings)
	if len(diags) != 1 || diags[0].Summary != "Cannot obtain an access token" || !strings.Contains(diags[0].Detail, "appypie login --profile default") {
		t.Errorf("diagnostics %v", diags)
	}
}

func TestAccessTokenIsSensitive(t *testing.T) {
	t.Parallel()
	schema, err := server(t, acctest.New(t)).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, attribute := range schema.EphemeralResourceSchemas[typeName].Block.Attributes {
		if attribute.Sensitive != (attribute.Name == "access_token") {
			t.Errorf("%s: sensitive %v", attribute.Name, attribute.Sensitive)
		}
	}
}

func server(t *testing.T, env *acctest.Env) tfprotov6.ProviderServer {
	t.Helper()
	made, err := env.Factories()["appypie"]()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// open asks a provider process of its own for the token, over the protocol. A
// null attribute is an empty text.
func open(t *testing.T, env *acctest.Env, settings map[string]any) (map[string]string, []*tfprotov6.Diagnostic) {
	t.Helper()
	provider := server(t, env)
	if diags := acctest.NewDriver(t, provider).Configure(t.Context(), settings); diags.HasError() {
		t.Fatal(diags)
	}

	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"access_token": tftypes.String, "expires_at": tftypes.String}}
	null := tftypes.NewValue(tftypes.String, nil)
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{"access_token": null, "expires_at": null}))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := provider.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: &config})
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Diagnostics) > 0 {
		return nil, answer.Diagnostics
	}
	value, err := answer.Result.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	attributes := map[string]tftypes.Value{}
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	result := map[string]string{}

	for name, attribute := range attributes {
		text := ""
		if !attribute.IsNull() {
			if err := attribute.As(&text); err != nil {
				t.Fatal(err)
			}
		}
		result[name] = text
	}
	return result, nil
}
