// Command terraform-provider-appypie serves the Appy Pie Connect provider to
// Terraform and OpenTofu over plugin protocol 6.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// version is set by the linker at release time.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()
	for _, name := range needlessLogs(os.Environ()) {
		if err := os.Setenv(name, "OFF"); err != nil {
			log.Fatal(err)
		}
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/appypie-community/appypie",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// needlessLogs names the logs of the plugin framework when nobody asked
// Terraform for a log. The framework writes them nevertheless, a dozen lines a
// call, for Terraform to drop: a sixth of the provider's time in a large apply.
func needlessLogs(environ []string) []string {
	for _, setting := range environ {
		if strings.HasPrefix(setting, "TF_LOG") {
			return nil
		}
	}
	return []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"}
}
