package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func TestImplementationsOfResourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range provider.New("test")().Resources(t.Context()) {
		made := construct()
		var meta resource.MetadataResponse
		made.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "appypie"}, &meta)

		t.Run(meta.TypeName, func(t *testing.T) {
			t.Parallel()
			var schema resource.SchemaResponse
			made.Schema(t.Context(), resource.SchemaRequest{}, &schema)
			expectNoError(t, "schema", schema.Schema.ValidateImplementation(t.Context()))
			identified, ok := made.(resource.ResourceWithIdentity)
			if !ok {
				t.Fatal("it has no identity")
			}

			var identity resource.IdentitySchemaResponse
			identified.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
			expectNoError(t, "identity", identity.IdentitySchema.ValidateImplementation(t.Context()))
			if _, ok := made.(resource.ResourceWithImportState); !ok {
				t.Error("it cannot be imported")
			}
			configured, ok := made.(resource.ResourceWithConfigure)
			if !ok {
				t.Fatal("it takes no client from the provider")
			}
			expectCarefulConfigure(t, func(data any) diag.Diagnostics {
				var resp resource.ConfigureResponse
				configured.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &resp)
				return resp.Diagnostics
			})
		})
	}
}

func TestImplementationsOfDataSourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range provider.New("test")().DataSources(t.Context()) {
		made := construct()
		var meta datasource.MetadataResponse
		made.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "appypie"}, &meta)

		t.Run(meta.TypeName, func(t *testing.T) {
			t.Parallel()
			var schema datasource.SchemaResponse
			made.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
			expectNoError(t, "schema", schema.Schema.ValidateImplementation(t.Context()))
			configured, ok := made.(datasource.DataSourceWithConfigure)
			if !ok {
				t.Fatal("it takes no client from the provider")
			}
			expectCarefulConfigure(t, func(data any) diag.Diagnostics {
				var resp datasource.ConfigureResponse
				configured.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: data}, &resp)
				return resp.Diagnostics
			})
		})
	}
}

func TestImplementationsOfEphemeralResourcesAreWhole(t *testing.T) {
	t.Parallel()
	with, ok := provider.New("test")().(frameworkprovider.ProviderWithEphemeralResources)
	if !ok {
		t.Fatal("the provider has no ephemeral resources")
	}

	for _, construct := range with.EphemeralResources(t.Context()) {
		made := construct()
		var meta ephemeral.MetadataResponse
		made.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "appypie"}, &meta)

		t.Run(meta.TypeName, func(t *testing.T) {
			t.Parallel()
			var schema ephemeral.SchemaResponse
			made.Schema(t.Context(), ephemeral.SchemaRequest{}, &schema)
			expectNoError(t, "schema", schema.Schema.ValidateImplementation(t.Context()))
			configured, ok := made.(ephemeral.EphemeralResourceWithConfigure)
			if !ok {
				t.Fatal("it takes no client from the provider")
			}
			expectCarefulConfigure(t, func(data any) diag.Diagnostics {
				var resp ephemeral.ConfigureResponse
				configured.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: data}, &resp)
				return resp.Diagnostics
			})
		})
	}
}

func expectNoError(t *testing.T, what string, diags diag.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Errorf("%s: %v", what, diags)
	}
}

// expectCarefulConfigure: the framework configures entities also while the
// provider is not configured, and then hands them nothing.
func expectCarefulConfigure(t *testing.T, configure func(data any) diag.Diagnostics) {
	t.Helper()
	expectNoError(t, "configured with nothing", configure(nil))
	if !configure("a string").HasError() {
		t.Error("it takes anything for the provider's data")
	}
}
