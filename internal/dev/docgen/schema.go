package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

const (
	// address is the key of the provider in the document. The documentation
	// generator looks only for the bare name or for a provider of the hashicorp
	// namespace.
	address = "appypie"
	// formatVersion is the version of the document that Terraform 1.x prints.
	formatVersion = "1.0"
)

// printSchema prints the provider's schema as the JSON document that
// `terraform providers schema -json` prints, without running Terraform.
//
// A Terraform release prints only the kinds of entity that it knows: 1.11 leaves
// out identities, list resources and actions. The pages that are generated from
// the document must not depend on who generated them, so the provider is asked
// directly over plugin protocol 6.
func printSchema(ctx context.Context, stdout io.Writer) error {
	document, err := readDocument(ctx, server())
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

func server() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(provider.New("schema")())()
}

// readDocument asks the server for all its schemas. It fails when the server
// answers with an error diagnostic or with what JSON cannot carry.
func readDocument(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchemas, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the provider schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the identity schemas: %w", err)
	}
	var c converter
	for _, diagnostic := range append(schemas.Diagnostics, identities.Diagnostics...) {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			c.fail(diagnostic.Summary, errors.New(diagnostic.Detail))
		}
	}
	converted := &tfjson.ProviderSchema{
		ConfigSchema:             c.schema("provider", schemas.Provider),
		ResourceSchemas:          each("resource", schemas.ResourceSchemas, c.schema),
		DataSourceSchemas:        each("data source", schemas.DataSourceSchemas, c.schema),
		EphemeralResourceSchemas: each("ephemeral resource", schemas.EphemeralResourceSchemas, c.schema),
		ListResourceSchemas:      each("list resource", schemas.ListResourceSchemas, c.schema),
		ActionSchemas:            each("action", schemas.ActionSchemas, c.action),
		Functions:                each("function", schemas.Functions, c.function),
		ResourceIdentitySchemas:  each("identity of", identities.IdentitySchemas, c.identity),
	}
	if err := errors.Join(c.errs...); err != nil {
		return nil, err
	}
	return &tfjson.ProviderSchemas{FormatVersion: formatVersion, Schemas: map[string]*tfjson.ProviderSchema{address: converted}}, nil
}

// each converts the entities of one kind.
func each[From, To any](kind string, from map[string]From, convert func(string, From) To) map[string]To {
	to := make(map[string]To, len(from))
	for name, entity := range from {
		to[name] = convert(kind+" "+name, entity)
	}
	return to
}
