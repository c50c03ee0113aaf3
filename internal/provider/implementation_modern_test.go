package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

func TestImplementationsOfFunctionsAreWhole(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, construct := range as[frameworkprovider.ProviderWithFunctions](t, provider.New("test")()).Functions(t.Context()) {
		made := construct()
		name := answer(t, made.Metadata, function.MetadataRequest{}).Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			definition := answer(t, made.Definition, function.DefinitionRequest{}).Definition
			valid := answer(t, definition.ValidateImplementation, function.DefinitionValidateRequest{FuncName: name})
			expectNoError(t, "definition", valid.Diagnostics)
			if !pattern.MatchString(name) {
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
