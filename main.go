// Command terraform-provider-appypie serves the Appy Pie Connect provider to
// Terraform and OpenTofu over plugin protocol 6.
package main

import (
	"flag"
	"log"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// version is set by the linker at release time.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()
	if err := provider.Serve(provider.New(version), *debug); err != nil {
		log.Fatal(err)
	}
}
