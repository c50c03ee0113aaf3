package floor_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

const typeName = "appypie_connect"

func schemaOf(t *testing.T, server tfprotov6.ProviderServer, name string) *tfprotov6.Schema {
	t.Helper()
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range answer.Diagnostics {
		t.Errorf("schema: %s: %s", problem.Summary, problem.Detail)
	}
	return answer.ResourceSchemas[name]
}

func identityOf(t *testing.T, server tfprotov6.ProviderServer, name string) *tfprotov6.ResourceIdentitySchema {
	t.Helper()
	answer, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return answer.IdentitySchemas[name]
}

// TestSchema checks that both sides of the comparison have one schema.
func TestSchema(t *testing.T) {
	t.Parallel()
	base, full := providerserver.NewProtocol6(floor.New()())(), providerserver.NewProtocol6(provider.New("test")())()
	for _, name := range []string{typeName, "appypie_trigger_options", "appypie_action_options", "appypie_connect_activation"} {
		if schemaOf(t, base, name) == nil {
			t.Errorf("the floor has no %s", name)
		}
		if diff := cmp.Diff(schemaOf(t, full, name), schemaOf(t, base, name)); diff != "" {
			t.Errorf("schema of %s (-real +floor):\n%s", name, diff)
		}
		if diff := cmp.Diff(identityOf(t, full, name), identityOf(t, base, name)); diff != "" {
			t.Errorf("identity of %s (-real +floor):\n%s", name, diff)
		}
	}
}

// TestSchema_groups checks that each group leaves the schema, and only that.
func TestSchema_groups(t *testing.T) {
	t.Parallel()
	whole := names(schemaOf(t, providerserver.NewProtocol6(floor.New()())(), typeName).Block.Attributes, "")
	missing := map[string][]string{
		"secrets": {
			"actions.secrets_wo", "secrets_wo_version", "trigger.secrets_wo",
		},
		"timeouts": {"timeouts"},
		"policies": {"deletion_policy", "pause_during_update", "run_test"},
		"status":   {"status"},
	}
	for _, group := range floor.Groups() {
		t.Run(group.Name, func(t *testing.T) {
			t.Parallel()
			server := providerserver.NewProtocol6(floor.New(group.Name)())()
			left := names(schemaOf(t, server, typeName).Block.Attributes, "")
			gone := slices.DeleteFunc(slices.Clone(whole), func(name string) bool { return slices.Contains(left, name) })
			if diff := cmp.Diff(missing[group.Name], gone); diff != "" && len(gone)+len(missing[group.Name]) > 0 {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
			if got, want := identityOf(t, server, typeName) == nil, group.Name == floor.GroupIdentity; got != want {
				t.Errorf("no identity: %t, want %t", got, want)
			}
		})
	}
}

// names lists attributes by their paths, in order.
func names(attributes []*tfprotov6.SchemaAttribute, prefix string) []string {
	var all []string
	for _, attribute := range attributes {
		all = append(all, prefix+attribute.Name)
		if attribute.NestedType != nil {
			all = append(all, names(attribute.NestedType.Attributes, prefix+attribute.Name+".")...)
		}
	}
	slices.Sort(all)
	return all
}
