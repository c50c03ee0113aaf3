package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func TestImplementationsOfResourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range provider.New("test")().Resources(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, resource.MetadataRequest{ProviderTypeName: "appypie"}).TypeName
		schema := answer(t, made.Schema, resource.SchemaRequest{}).Schema
		expectWhole(t, name, schema.ValidateImplementation(t.Context()), func(t *testing.T, data any) diag.Diagnostics {
			t.Helper()
			return answer(t, as[resource.ResourceWithConfigure](t, made).Configure, resource.ConfigureRequest{ProviderData: data}).Diagnostics
		})
		identity := answer(t, as[resource.ResourceWithIdentity](t, made).IdentitySchema, resource.IdentitySchemaRequest{}).IdentitySchema
		expectNoError(t, "identity", identity.ValidateImplementation(t.Context()))
		as[resource.ResourceWithImportState](t, made)
	}
}

func TestImplementationsOfDataSourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range provider.New("test")().DataSources(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, datasource.MetadataRequest{ProviderTypeName: "appypie"}).TypeName
		schema := answer(t, made.Schema, datasource.SchemaRequest{}).Schema
		expectWhole(t, name, schema.ValidateImplementation(t.Context()), func(t *testing.T, data any) diag.Diagnostics {
			t.Helper()
			return answer(t, as[datasource.DataSourceWithConfigure](t, made).Configure, datasource.ConfigureRequest{ProviderData: data}).Diagnostics
		})
	}
}

func TestImplementationsOfEphemeralResourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range as[frameworkprovider.ProviderWithEphemeralResources](t, provider.New("test")()).EphemeralResources(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, ephemeral.MetadataRequest{ProviderTypeName: "appypie"}).TypeName
		schema := answer(t, made.Schema, ephemeral.SchemaRequest{}).Schema
		expectWhole(t, name, schema.ValidateImplementation(t.Context()), func(t *testing.T, data any) diag.Diagnostics {
			t.Helper()
			return answer(t, as[ephemeral.EphemeralResourceWithConfigure](t, made).Configure, ephemeral.ConfigureRequest{ProviderData: data}).Diagnostics
		})
	}
}

func TestImplementationsOfListResourcesAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range as[frameworkprovider.ProviderWithListResources](t, provider.New("test")()).ListResources(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, resource.MetadataRequest{ProviderTypeName: "appypie"}).TypeName
		schema := answer(t, made.ListResourceConfigSchema, list.ListResourceSchemaRequest{}).Schema
		expectWhole(t, name, schema.ValidateImplementation(t.Context()), func(t *testing.T, data any) diag.Diagnostics {
			t.Helper()
			return answer(t, as[list.ListResourceWithConfigure](t, made).Configure, resource.ConfigureRequest{ProviderData: data}).Diagnostics
		})
	}
}

func TestImplementationsOfActionsAreWhole(t *testing.T) {
	t.Parallel()
	for _, construct := range as[frameworkprovider.ProviderWithActions](t, provider.New("test")()).Actions(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, action.MetadataRequest{ProviderTypeName: "appypie"}).TypeName
		schema := answer(t, made.Schema, action.SchemaRequest{}).Schema
		expectWhole(t, name, schema.ValidateImplementation(t.Context()), func(t *testing.T, data any) diag.Diagnostics {
			t.Helper()
			return answer(t, as[action.ActionWithConfigure](t, made).Configure, action.ConfigureRequest{ProviderData: data}).Diagnostics
		})
	}
}

// answer calls a method of an entity, or of the provider.
func answer[Request, Response any](t *testing.T, method func(context.Context, Request, *Response), request Request) Response {
	t.Helper()
	var response Response
	method(t.Context(), request, &response)
	return response
}

// as ends the test when an entity, or the provider, cannot do something.
func as[Ability any](t *testing.T, made any) Ability {
	t.Helper()
	able, ok := made.(Ability)
	if !ok {
		t.Fatalf("%T is no %T", made, new(Ability))
	}
	return able
}

// expectWhole holds an entity of any kind to what the framework wants of it. The
// framework configures entities also while the provider is not configured, and
// then hands them nothing.
func expectWhole(t *testing.T, name string, schema diag.Diagnostics, configure func(t *testing.T, data any) diag.Diagnostics) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		expectNoError(t, "schema", schema)
		expectNoError(t, "configured with nothing", configure(t, nil))
		if !configure(t, "a string").HasError() {
			t.Error("it takes anything for the provider's data")
		}
	})
}

func expectNoError(t *testing.T, what string, diags diag.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Errorf("%s: %v", what, diags)
	}
}
