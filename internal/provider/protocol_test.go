package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// anID passes for the id of anything.
const anID = "64f0c2a1b3d4e5f60718293a"

// Terraform validates before it configures the provider, and in an editor it
// never configures one at all.
func TestMinimalResourcesValidateWithoutConfiguration(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	driver := acctest.NewDriver(t, r.server)

	for _, name := range driver.Types() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := map[string]any{}
			for _, attribute := range r.schemas.ResourceSchemas[name].Block.Attributes {
				if attribute.Required {
					config[attribute.Name] = anID
				}
			}
			if diags := driver.Validate(t.Context(), name, config); len(diags) > 0 {
				t.Errorf("%v:\n%s", config, diags)
			}
			for required := range config {
				lacking := maps.Clone(config)
				lacking[required] = nil
				if diags := driver.Validate(t.Context(), name, lacking); len(diags) != 1 || !diags.HasError() || diags[0].Path != required {
					t.Errorf("without %s:\n%s", required, diags)
				}
			}
		})
	}
}

// A module that is validated on its own knows none of its values.
func TestUnknownValuesValidateWithoutConfiguration(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)

	for name, schema := range r.schemas.ResourceSchemas {
		t.Run("resource "+name, func(t *testing.T) {
			t.Parallel()
			answer, err := r.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
				TypeName: name, Config: allUnknown(t, schema),
				ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			expectNothing(t, answer.Diagnostics)
		})
	}

	for name, schema := range r.schemas.DataSourceSchemas {
		t.Run("data "+name, func(t *testing.T) {
			t.Parallel()
			answer, err := r.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
				TypeName: name, Config: allUnknown(t, schema),
			})
			if err != nil {
				t.Fatal(err)
			}
			expectNothing(t, answer.Diagnostics)
		})
	}

	for name, schema := range r.schemas.EphemeralResourceSchemas {
		t.Run("ephemeral "+name, func(t *testing.T) {
			t.Parallel()
			answer, err := r.server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
				TypeName: name, Config: allUnknown(t, schema),
			})
			if err != nil {
				t.Fatal(err)
			}
			expectNothing(t, answer.Diagnostics)
		})
	}
}

// allUnknown is a configuration in which whatever may be set is unknown.
func allUnknown(t *testing.T, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}

	for _, attribute := range schema.Block.Attributes {
		var value any
		if attribute.Required || attribute.Optional {
			value = tftypes.UnknownValue
		}
		values[attribute.Name] = tftypes.NewValue(attribute.ValueType(), value)
	}
	config, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), values))
	if err != nil {
		t.Fatal(err)
	}
	return &config
}

func expectNothing(t *testing.T, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, one := range diags {
		t.Errorf("%s: %s: %s", one.Attribute, one.Summary, one.Detail)
	}
}

// The two ways of asking what there is must agree, and with the schemas.
func TestMetadataListsWhatTheSchemasHave(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	answer, err := r.server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil || len(answer.Diagnostics) > 0 {
		t.Fatalf("%v, %v", err, answer.Diagnostics)
	}

	var resources, dataSources []string
	for _, one := range answer.Resources {
		resources = append(resources, one.TypeName)
	}
	for _, one := range answer.DataSources {
		dataSources = append(dataSources, one.TypeName)
	}

	slices.Sort(resources)
	slices.Sort(dataSources)
	if want := slices.Sorted(maps.Keys(r.schemas.ResourceSchemas)); !slices.Equal(resources, want) {
		t.Errorf("resources %v, want %v", resources, want)
	}
	if want := slices.Sorted(maps.Keys(r.schemas.DataSourceSchemas)); !slices.Equal(dataSources, want) {
		t.Errorf("data sources %v, want %v", dataSources, want)
	}
}
