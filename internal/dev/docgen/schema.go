package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// sourceAddress is the key that Terraform itself gives the provider.
const sourceAddress = "registry.terraform.io/appypie-community/appypie"

// printSchema prints the provider's schema as the JSON document that
// `terraform providers schema -json` prints, without running Terraform.
//
// A Terraform release prints only the kinds of entity that it knows: 1.11 leaves
// out identities, list resources and actions. The pages that are generated from
// the document must not depend on who generated them, so the provider is asked
// directly over plugin protocol 6.
func printSchema(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("docgen schema", flag.ContinueOnError)
	// The documentation generator looks only for the bare name or for a provider
	// of the hashicorp namespace, hence the choice.
	address := flags.String("address", sourceAddress, "key of the provider in the document")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("reading the command line: %w", err)
	}

	server := providerserver.NewProtocol6(provider.New("schema")())()
	document, err := readDocument(ctx, server, *address)
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
