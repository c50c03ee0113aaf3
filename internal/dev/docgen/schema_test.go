package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// fakeServer answers with prepared schemas.
type fakeServer struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
	err        error
}

func (f *fakeServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &f.schemas, f.err
}

func (f *fakeServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &f.identities, nil
}

func schemaOf(attributes ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: attributes}}
}

// wholeServer offers one entity of each kind and, in the resource, each property
// that an attribute or a block can have.
func wholeServer() *fakeServer {
	text := &tfprotov6.SchemaAttribute{Name: "text", Type: tftypes.String, Optional: true}
	resource := schemaOf(
		&tfprotov6.SchemaAttribute{Name: "id", Type: tftypes.String, Computed: true, Description: "The *id*.", DescriptionKind: tfprotov6.StringKindMarkdown},
		&tfprotov6.SchemaAttribute{Name: "secret", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true, Sensitive: true, WriteOnly: true},
		&tfprotov6.SchemaAttribute{Name: "old", Type: tftypes.Bool, Required: true, Deprecated: true},
		&tfprotov6.SchemaAttribute{Name: "any", Type: tftypes.DynamicPseudoType, Optional: true, Computed: true},
		&tfprotov6.SchemaAttribute{Name: "actions", Optional: true, NestedType: &tfprotov6.SchemaObject{
			Nesting: tfprotov6.SchemaObjectNestingModeList, Attributes: []*tfprotov6.SchemaAttribute{text},
		}},
	)
	resource.Version = 3
	resource.Block.Description = "A thing."
	resource.Block.DescriptionKind = tfprotov6.StringKindMarkdown

	return &fakeServer{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider:                 schemaOf(text),
			ResourceSchemas:          map[string]*tfprotov6.Schema{"x_thing": resource},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"x_data": schemaOf(text)},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x_ephemeral": schemaOf(text)},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"x_thing": schemaOf(text)},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x_act": {Schema: schemaOf(text)}},
			Functions: map[string]*tfprotov6.Function{"join": {
				Summary: "Joins.", Description: "Joins parts.", DeprecationMessage: "Use join2.",
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "by", Description: "Between.", Type: tftypes.String, AllowNullValue: true}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "parts", Type: tftypes.Number},
				Return: &tfprotov6.FunctionReturn{Type: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
					"all": tftypes.List{ElementType: tftypes.String},
				}}},
			}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"x_thing": {
				Version: 1,
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
					{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "The id."},
					{Name: "region", Type: tftypes.String, OptionalForImport: true},
				},
			}},
		},
	}
}

const wholeDocument = `{
  "format_version": "1.0",
  "provider_schemas": {"appypie": {
    "provider": {"version": 0, "block": {"description_kind": "plain", "attributes": {
      "text": {"type": "string", "description_kind": "plain", "optional": true}}}},
    "resource_schemas": {"x_thing": {"version": 3, "block": {
      "description": "A thing.", "description_kind": "markdown",
      "attributes": {
        "id": {"type": "string", "description": "The *id*.", "description_kind": "markdown", "computed": true},
        "secret": {"type": ["map", "string"], "description_kind": "plain", "optional": true, "sensitive": true, "write_only": true},
        "old": {"type": "bool", "description_kind": "plain", "required": true, "deprecated": true},
        "any": {"type": "dynamic", "description_kind": "plain", "optional": true, "computed": true},
        "actions": {"description_kind": "plain", "optional": true, "nested_type": {"nesting_mode": "list", "attributes": {
          "text": {"type": "string", "description_kind": "plain", "optional": true}}}}}}}},
    "data_source_schemas": {"x_data": {"version": 0, "block": {"description_kind": "plain", "attributes": {
      "text": {"type": "string", "description_kind": "plain", "optional": true}}}}},
    "ephemeral_resource_schemas": {"x_ephemeral": {"version": 0, "block": {"description_kind": "plain", "attributes": {
      "text": {"type": "string", "description_kind": "plain", "optional": true}}}}},
    "list_resource_schemas": {"x_thing": {"version": 0, "block": {"description_kind": "plain", "attributes": {
      "text": {"type": "string", "description_kind": "plain", "optional": true}}}}},
    "action_schemas": {"x_act": {"block": {"description_kind": "plain", "attributes": {
      "text": {"type": "string", "description_kind": "plain", "optional": true}}}}},
    "functions": {"join": {
      "summary": "Joins.", "description": "Joins parts.", "deprecation_message": "Use join2.",
      "return_type": ["object", {"all": ["list", "string"]}],
      "parameters": [{"name": "by", "description": "Between.", "is_nullable": true, "type": "string"}],
      "variadic_parameter": {"name": "parts", "type": "number"}}},
    "resource_identity_schemas": {"x_thing": {"version": 1, "attributes": {
      "id": {"type": "string", "description": "The id.", "required_for_import": true},
      "region": {"type": "string", "optional_for_import": true}}}}
  }}
}`

func TestReadDocumentConvertsEveryKind(t *testing.T) {
	t.Parallel()
	document, err := readDocument(t.Context(), wholeServer())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}

	var got, want any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(wholeDocument), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
}

func TestReadDocumentRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(*fakeServer)
		want  string
	}{
		"a failed call": {
			func(f *fakeServer) { f.err = errors.New("pipe closed") },
			"pipe closed",
		},
		"an error diagnostic of the schemas": {
			func(f *fakeServer) {
				f.schemas.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Duplicate", Detail: "x_thing"}}
			},
			"Duplicate: x_thing",
		},
		"an error diagnostic of the identities": {
			func(f *fakeServer) {
				f.identities.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid identity"}}
			},
			"Invalid identity",
		},
		"an attribute without a type": {
			func(f *fakeServer) {
				f.schemas.DataSourceSchemas["x_data"].Block.Attributes = []*tfprotov6.SchemaAttribute{{Name: "odd"}}
			},
			"data source x_data: attribute odd: the type null",
		},
		"a nested attribute without a mode": {
			func(f *fakeServer) {
				f.schemas.ActionSchemas["x_act"].Schema.Block.Attributes = []*tfprotov6.SchemaAttribute{{Name: "odd", NestedType: &tfprotov6.SchemaObject{}}}
			},
			"action x_act: attribute odd: the nesting mode",
		},
		"a nested block": {
			func(f *fakeServer) {
				f.schemas.ResourceSchemas["x_thing"].Block.BlockTypes = []*tfprotov6.SchemaNestedBlock{{TypeName: "odd"}}
			},
			"resource x_thing: nested blocks are not printed",
		},
		"a negative version": {
			func(f *fakeServer) { f.schemas.ResourceSchemas["x_thing"].Version = -1 },
			"resource x_thing: version -1 is negative",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := wholeServer()
			test.spoil(server)
			_, err := readDocument(t.Context(), server)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v does not contain %q", err, test.want)
			}
		})
	}
}

func TestWarningsDoNotStopTheDocument(t *testing.T) {
	t.Parallel()
	server := wholeServer()
	server.schemas.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Experimental"}}
	if _, err := readDocument(t.Context(), server); err != nil {
		t.Error(err)
	}
}

// registered returns the sorted names of each kind of entity of the provider.
func registered(t *testing.T) map[string][]string {
	t.Helper()
	metadata, err := providerserver.NewProtocol6(provider.New("test")())().GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, entity := range metadata.Resources {
		want["resources"] = append(want["resources"], entity.TypeName)
	}
	for _, entity := range metadata.DataSources {
		want["data sources"] = append(want["data sources"], entity.TypeName)
	}
	for _, entity := range metadata.EphemeralResources {
		want["ephemeral resources"] = append(want["ephemeral resources"], entity.TypeName)
	}
	for _, entity := range metadata.ListResources {
		want["list resources"] = append(want["list resources"], entity.TypeName)
	}
	for _, entity := range metadata.Actions {
		want["actions"] = append(want["actions"], entity.TypeName)
	}
	for _, entity := range metadata.Functions {
		want["functions"] = append(want["functions"], entity.Name)
	}
	return want
}

// TestRunPrintsTheProvider compares the printed document with what the provider
// says it offers, which it answers through another call.
func TestRunPrintsTheProvider(t *testing.T) {
	t.Parallel()
	var output bytes.Buffer
	if err := run(t.Context(), []string{"schema"}, &output); err != nil {
		t.Fatal(err)
	}
	var document tfjson.ProviderSchemas
	if err := json.Unmarshal(output.Bytes(), &document); err != nil {
		t.Fatalf("terraform-json cannot read the document: %v", err)
	}
	got, ok := document.Schemas["appypie"]
	if !ok {
		t.Fatalf("the provider's address is not a key of the document: %v", slices.Collect(maps.Keys(document.Schemas)))
	}

	want := registered(t)
	printed := map[string][]string{
		"resources":           slices.Collect(maps.Keys(got.ResourceSchemas)),
		"data sources":        slices.Collect(maps.Keys(got.DataSourceSchemas)),
		"ephemeral resources": slices.Collect(maps.Keys(got.EphemeralResourceSchemas)),
		"list resources":      slices.Collect(maps.Keys(got.ListResourceSchemas)),
		"actions":             slices.Collect(maps.Keys(got.ActionSchemas)),
		"functions":           slices.Collect(maps.Keys(got.Functions)),
	}
	for kind, names := range printed {
		slices.Sort(names)
		slices.Sort(want[kind])
		if !slices.Equal(names, want[kind]) {
			t.Errorf("%s: printed %q, registered %q", kind, names, want[kind])
		}
	}
}
