// Command terraform-provider-appypie serves the Appy Pie Connect provider to
// Terraform and OpenTofu over plugin protocol 6.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// version is set by the linker at release time.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/appypie-community/appypie",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
