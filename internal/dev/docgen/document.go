package main

import (
	"context"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// formatVersion is the version of the document that Terraform 1.x prints.
const formatVersion = "1.0"

// schemaServer is the part of a protocol 6 server that describes the provider.
type schemaServer interface {
	GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error)
	GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error)
}

// readDocument asks the server for all its schemas and returns them under the
// given provider address. It fails when the server answers with an error
// diagnostic or with a type that JSON cannot carry.
func readDocument(ctx context.Context, server schemaServer, address string) (*tfjson.ProviderSchemas, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the provider schema: %w", err)
	}
	if err := diagnosticsError(schemas.Diagnostics); err != nil {
		return nil, fmt.Errorf("the provider rejects its own schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the identity schemas: %w", err)
	}
	if err := diagnosticsError(identities.Diagnostics); err != nil {
		return nil, fmt.Errorf("the provider rejects its own identity schemas: %w", err)
	}

	converted, err := convertProvider(schemas, identities)
	if err != nil {
		return nil, err
	}
	return &tfjson.ProviderSchemas{
		FormatVersion: formatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{address: converted},
	}, nil
}

func convertProvider(schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) (*tfjson.ProviderSchema, error) {
	config, err := convertSchema(schemas.Provider)
	if err != nil {
		return nil, fmt.Errorf("provider block: %w", err)
	}
	var errs []error
	result := &tfjson.ProviderSchema{
		ConfigSchema:             config,
		ResourceSchemas:          convertEach(&errs, "resource", schemas.ResourceSchemas, convertSchema),
		DataSourceSchemas:        convertEach(&errs, "data source", schemas.DataSourceSchemas, convertSchema),
		EphemeralResourceSchemas: convertEach(&errs, "ephemeral resource", schemas.EphemeralResourceSchemas, convertSchema),
		ListResourceSchemas:      convertEach(&errs, "list resource", schemas.ListResourceSchemas, convertSchema),
		ActionSchemas:            convertEach(&errs, "action", schemas.ActionSchemas, convertAction),
		Functions:                convertEach(&errs, "function", schemas.Functions, convertFunction),
		ResourceIdentitySchemas:  convertEach(&errs, "identity of", identities.IdentitySchemas, convertIdentity),
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return result, nil
}

// convertEach converts the entities of one kind. It adds an error for each that
// fails instead of stopping, so that one run names them all.
func convertEach[From, To any](errs *[]error, kind string, from map[string]From, convert func(From) (To, error)) map[string]To {
	to := make(map[string]To, len(from))
	for name, entity := range from {
		converted, err := convert(entity)
		if err != nil {
			*errs = append(*errs, fmt.Errorf("%s %s: %w", kind, name, err))
			continue
		}
		to[name] = converted
	}
	return to
}

// diagnosticsError joins the error diagnostics and drops the warnings, which a
// schema may carry and still be whole.
func diagnosticsError(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail))
		}
	}
	return errors.Join(errs...)
}
