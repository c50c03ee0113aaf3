package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func TestImplementationsOfListResourcesAreWhole(t *testing.T) {
	t.Parallel()
	with, ok := provider.New("test")().(frameworkprovider.ProviderWithListResources)
	if !ok {
		t.Fatal("the provider has no list resources")
	}

	for _, construct := range with.ListResources(t.Context()) {
		made := construct()
		var meta resource.MetadataResponse
		made.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "appypie"}, &meta)

		t.Run(meta.TypeName, func(t *testing.T) {
			t.Parallel()
			var schema list.ListResourceSchemaResponse
			made.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &schema)
			expectNoError(t, "schema", schema.Schema.ValidateImplementation(t.Context()))
			configured, ok := made.(list.ListResourceWithConfigure)
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

func TestImplementationsOfActionsAreWhole(t *testing.T) {
	t.Parallel()
	with, ok := provider.New("test")().(frameworkprovider.ProviderWithActions)
	if !ok {
		t.Fatal("the provider has no actions")
	}

	for _, construct := range with.Actions(t.Context()) {
		made := construct()
		var meta action.MetadataResponse
		made.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "appypie"}, &meta)

		t.Run(meta.TypeName, func(t *testing.T) {
			t.Parallel()
			var schema action.SchemaResponse
			made.Schema(t.Context(), action.SchemaRequest{}, &schema)
			expectNoError(t, "schema", schema.Schema.ValidateImplementation(t.Context()))
			configured, ok := made.(action.ActionWithConfigure)
			if !ok {
				t.Fatal("it takes no client from the provider")
			}
			expectCarefulConfigure(t, func(data any) diag.Diagnostics {
				var resp action.ConfigureResponse
				configured.Configure(t.Context(), action.ConfigureRequest{ProviderData: data}, &resp)
				return resp.Diagnostics
			})
		})
	}
}

func TestImplementationsOfFunctionsAreWhole(t *testing.T) {
	t.Parallel()
	with, ok := provider.New("test")().(frameworkprovider.ProviderWithFunctions)
	if !ok {
		t.Fatal("the provider has no functions")
	}
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

	for _, construct := range with.Functions(t.Context()) {
		made := construct()
		var meta function.MetadataResponse
		made.Metadata(t.Context(), function.MetadataRequest{}, &meta)

		t.Run(meta.Name, func(t *testing.T) {
			t.Parallel()
			var definition function.DefinitionResponse
			made.Definition(t.Context(), function.DefinitionRequest{}, &definition)

			var valid function.DefinitionValidateResponse
			definition.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: meta.Name}, &valid)
			expectNoError(t, "definition", valid.Diagnostics)
			if !name.MatchString(meta.Name) {
				t.Error("it has an odd name")
			}
		})
	}
}

// What the documentation shows of a function comes from here alone.
func TestFunctionsAreDescribed(t *testing.T) {
	t.Parallel()
	for name, one := range newRegistry(t).schemas.Functions {
		if !strings.HasSuffix(one.Summary, ".") || !described(one.Description, one.DescriptionKind) {
			t.Errorf("%s: %q and %q are no summary and no description in Markdown that end in a period", name, one.Summary, one.Description)
		}
		parameters := one.Parameters
		if one.VariadicParameter != nil {
			parameters = append(parameters, one.VariadicParameter)
		}
		for _, parameter := range parameters {
			if !described(parameter.Description, parameter.DescriptionKind) {
				t.Errorf("%s(%s): %q is no description in Markdown that ends in a period", name, parameter.Name, parameter.Description)
			}
		}
	}
}

// A list block or an action whose values come from elsewhere validates, also
// without credentials.
func TestUnknownQueriesAndActionsValidateWithoutConfiguration(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	lists, ok := r.server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server knows no list resources")
	}

	for name, schema := range r.schemas.ListResourceSchemas {
		answer, err := lists.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: allUnknown(t, schema)})
		if err != nil {
			t.Fatal(err)
		}
		expectNothing(t, answer.Diagnostics)
	}
	actions, ok := r.server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the server knows no actions")
	}

	for name, schema := range r.schemas.ActionSchemas {
		config := allUnknown(t, schema.Schema)
		validated, err := actions.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
		if err != nil {
			t.Fatal(err)
		}
		planned, err := actions.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
		if err != nil {
			t.Fatal(err)
		}
		expectNothing(t, append(validated.Diagnostics, planned.Diagnostics...))
	}
}
