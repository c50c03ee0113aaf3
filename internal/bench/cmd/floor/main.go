// Command floor serves the floor provider, with the same options as the real one.
package main

import (
	"context"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/bench/floor"
)

func main() {
	// FLOOR_WITHOUT names groups of attributes to leave out, separated by blanks.
	without := strings.Fields(os.Getenv("FLOOR_WITHOUT"))
	err := providerserver.Serve(context.Background(), floor.New(without...), providerserver.ServeOpts{
		Address: "registry.terraform.io/appypie-community/appypie",
	})
	if err != nil {
		log.Fatal(err)
	}
}
