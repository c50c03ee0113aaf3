// Command floor serves the floor provider.
package main

import (
	"context"
	"log"
	"os"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/serve"
)

func main() {
	// FLOOR_WITHOUT names groups of attributes to leave out, separated by blanks.
	without := strings.Fields(os.Getenv("FLOOR_WITHOUT"))
	if err := serve.Provider(context.Background(), floor.New(without...)); err != nil {
		log.Fatal(err)
	}
}
