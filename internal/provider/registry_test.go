package provider_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// registry is everything that the provider offers, as Terraform sees it.
type registry struct {
	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

func newRegistry(t *testing.T) registry {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatalf("the provider has no schema: %v, %v", err, schemas.Diagnostics)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || len(identities.Diagnostics) > 0 {
		t.Fatalf("the provider has no identity schemas: %v, %v", err, identities.Diagnostics)
	}
	return registry{server: server, schemas: schemas, identities: identities.IdentitySchemas}
}

// blocks are the schemas of all kinds, each under what documentation calls it.
func (r registry) blocks() map[string]*tfprotov6.SchemaBlock {
	all := map[string]*tfprotov6.SchemaBlock{"provider": r.schemas.Provider.Block}
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resource": r.schemas.ResourceSchemas, "data": r.schemas.DataSourceSchemas,
		"ephemeral": r.schemas.EphemeralResourceSchemas, "list": r.schemas.ListResourceSchemas,
	} {
		for name, schema := range schemas {
			all[kind+" "+name] = schema.Block
		}
	}
	for name, action := range r.schemas.ActionSchemas {
		all["action "+name] = action.Schema.Block
	}
	return all
}

// attributes are all attributes of all kinds, nested ones too, each under its
// whole path.
func (r registry) attributes() map[string]*tfprotov6.SchemaAttribute {
	all := map[string]*tfprotov6.SchemaAttribute{}
	for name, block := range r.blocks() {
		collect(all, name, block)
	}
	return all
}

func collect(all map[string]*tfprotov6.SchemaAttribute, at string, block *tfprotov6.SchemaBlock) {
	collectAttributes(all, at, block.Attributes)
	for _, inner := range block.BlockTypes {
		collect(all, at+"."+inner.TypeName, inner.Block)
	}
}

func collectAttributes(all map[string]*tfprotov6.SchemaAttribute, at string, attributes []*tfprotov6.SchemaAttribute) {
	for _, attribute := range attributes {
		name := at + "." + attribute.Name
		all[name] = attribute
		if attribute.NestedType != nil {
			collectAttributes(all, name, attribute.NestedType.Attributes)
		}
	}
}

func TestNamesFollowOnePattern(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	entity := regexp.MustCompile(`^appypie(_[a-z]+)+$`)
	attribute := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for name := range r.blocks() {
		if _, typeName, ok := strings.Cut(name, " "); ok && !entity.MatchString(typeName) {
			t.Errorf("%s has an odd name", name)
		}
	}
	for at, one := range r.attributes() {
		if !attribute.MatchString(one.Name) {
			t.Errorf("%s has an odd name", at)
		}
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	for at, block := range r.blocks() {
		if !described(block.Description, block.DescriptionKind) {
			t.Errorf("%s: %q is no description in Markdown that ends in a period", at, block.Description)
		}
	}

	for at, one := range r.attributes() {
		if !described(one.Description, one.DescriptionKind) {
			t.Errorf("%s: %q is no description in Markdown that ends in a period", at, one.Description)
		}
	}
	for name, identity := range r.identities {
		for _, one := range identity.IdentityAttributes {
			if !described(one.Description, tfprotov6.StringKindMarkdown) {
				t.Errorf("identity of %s.%s: %q is no description that ends in a period", name, one.Name, one.Description)
			}
		}
	}
}

func described(text string, kind tfprotov6.StringKind) bool {
	return kind == tfprotov6.StringKindMarkdown && strings.HasSuffix(text, ".") && strings.TrimSpace(text) == text
}

// notSecret lists the attributes that are named like credentials and are none.
func notSecret() map[string]string {
	const number, address, name = "a number", "an address", "the name of an option"
	return map[string]string{
		"provider.access_token_expires_at": "a time",
		"provider.token_command":           "a program; its output is the secret",
		"provider.token_store":             "a place; its key comes from the environment alone",
		"provider.token_url":               address,
		"provider.platform_key_url":        address,

		"data appypie_trigger.fields.key":           name,
		"data appypie_triggers.triggers.fields.key": name,
		"data appypie_action.fields.key":            name,
		"data appypie_actions.actions.fields.key":   name,
		"data appypie_dropdown_options.key":         name,
		"data appypie_sample_data.trigger.keys":     name,
		"data appypie_sample_data.actions.keys":     name,

		"resource appypie_connect.secrets_wo_version":         number,
		"resource appypie_trigger_options.secrets_wo_version": number,
		"resource appypie_action_options.secrets_wo_version":  number,
	}
}

func TestCredentialsAreSensitive(t *testing.T) {
	t.Parallel()
	attributes := newRegistry(t).attributes()
	credential := regexp.MustCompile(`token|secret|key|password`)

	for at, one := range attributes {
		if _, harmless := notSecret()[at]; harmless {
			continue
		}
		if credential.MatchString(one.Name) && !one.Sensitive && !one.WriteOnly {
			t.Errorf("%s is named like a credential and is neither sensitive nor write-only", at)
		}
	}
	for at := range notSecret() {
		if one := attributes[at]; one == nil || one.Sensitive {
			t.Errorf("the exception of %s is not needed", at)
		}
	}
}

// What is secret must be in no state and no plan, which sensitive alone does
// not see to. Where it is write-only, sensitive adds nothing but bytes of state.
func TestSecretsOfResourcesAreWriteOnly(t *testing.T) {
	t.Parallel()
	found := 0
	for at, one := range newRegistry(t).attributes() {
		if !strings.HasPrefix(at, "resource ") || !one.Sensitive && !one.WriteOnly {
			continue
		}
		found++
		if !one.WriteOnly || !strings.HasSuffix(one.Name, "_wo") || one.Computed {
			t.Errorf("%s is sensitive and would be stored", at)
		}
		if one.Sensitive {
			t.Errorf("%s is sensitive although nothing of it is stored", at)
		}
	}
	if found == 0 {
		t.Error("no resource has a secret")
	}
}

func TestIdentitiesAreMadeOfAttributes(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	attributes := r.attributes()
	if have, want := slices.Sorted(maps.Keys(r.identities)), slices.Sorted(maps.Keys(r.schemas.ResourceSchemas)); !slices.Equal(have, want) {
		t.Errorf("%v have an identity, want %v", have, want)
	}

	for name, identity := range r.identities {
		required := 0
		for _, one := range identity.IdentityAttributes {
			at := "resource " + name + "." + one.Name
			if attribute := attributes[at]; attribute == nil || !attribute.Type.Equal(one.Type) || attribute.Sensitive {
				t.Errorf("%s is in the identity and no attribute of that type", at)
			}
			if one.RequiredForImport {
				required++
			}
		}
		if required == 0 {
			t.Errorf("%s can be imported by an empty identity", name)
		}
	}
}

func TestResourcesShareTheirManners(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	attributes := r.attributes()

	for name, schema := range r.schemas.ResourceSchemas {
		if schema.Version != 0 {
			t.Errorf("%s has version %d and no release before it", name, schema.Version)
		}
		if id := attributes["resource "+name+".id"]; id != nil && (!id.Computed || id.Optional || id.Required) {
			t.Errorf("the id of %s is not the service's", name)
		}
		if timeouts := attributes["resource "+name+".timeouts"]; timeouts == nil || !timeouts.Optional {
			t.Errorf("%s has no timeouts", name)
		}
		for _, one := range schema.Block.Attributes {
			if strings.HasSuffix(one.Name, "_at") && (!one.Computed || one.Optional) {
				t.Errorf("%s.%s is not the service's", name, one.Name)
			}
		}
	}
	for at, one := range attributes {
		if one.NestedType != nil && one.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet {
			t.Errorf("%s is a set of objects, which Terraform compares each with each", at)
		}
	}
}
