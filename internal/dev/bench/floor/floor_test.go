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

func connectSchema(t *testing.T, server tfprotov6.ProviderServer) *tfprotov6.Schema {
	t.Helper()
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range answer.Diagnostics {
		t.Errorf("schema: %s: %s", problem.Summary, problem.Detail)
	}
	return answer.ResourceSchemas[typeName]
}

func identities(t *testing.T, server tfprotov6.ProviderServer) *tfprotov6.ResourceIdentitySchema {
	t.Helper()
	answer, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return answer.IdentitySchemas[typeName]
}

// TestSchema checks that both sides of the comparison have one schema.
func TestSchema(t *testing.T) {
	t.Parallel()
	base, full := providerserver.NewProtocol6(floor.New()())(), providerserver.NewProtocol6(provider.New("test")())()
	if diff := cmp.Diff(connectSchema(t, full), connectSchema(t, base)); diff != "" {
		t.Errorf("schema (-real +floor):\n%s", diff)
	}
	if diff := cmp.Diff(identities(t, full), identities(t, base)); diff != "" {
		t.Errorf("identity (-real +floor):\n%s", diff)
	}
}

// TestSchema_groups checks that each group leaves the schema, and only that.
func TestSchema_groups(t *testing.T) {
	t.Parallel()
	whole := names(connectSchema(t, providerserver.NewProtocol6(floor.New()())()).Block.Attributes, "")
	missing := map[string][]string{
		"secrets": {
			"actions.secret_options_wo", "actions.secret_options_wo_version",
			"trigger.secret_options_wo", "trigger.secret_options_wo_version",
		},
		"steps":    {"action_step_ids"},
		"timeouts": {"timeouts"},
		"policies": {"deletion_policy", "pause_during_update", "run_test"},
		"summary":  {"summary"},
		"status":   {"status"},
	}
	for _, group := range floor.Groups() {
		t.Run(group.Name, func(t *testing.T) {
			t.Parallel()
			server := providerserver.NewProtocol6(floor.New(group.Name)())()
			left := names(connectSchema(t, server).Block.Attributes, "")
			gone := slices.DeleteFunc(slices.Clone(whole), func(name string) bool { return slices.Contains(left, name) })
			if diff := cmp.Diff(missing[group.Name], gone); diff != "" && len(gone)+len(missing[group.Name]) > 0 {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
			if got, want := identities(t, server) == nil, group.Name == floor.GroupIdentity; got != want {
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
