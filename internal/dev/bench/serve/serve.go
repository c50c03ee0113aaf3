// Package serve serves the providers of the benchmark as the released one is
// served, so that none has an advantage.
package serve

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// Provider serves until Terraform ends the process. Like main of the released
// provider it keeps the framework from writing logs that nobody asked for.
func Provider(ctx context.Context, constructor func() provider.Provider) error {
	asked := false
	for _, setting := range os.Environ() {
		asked = asked || strings.HasPrefix(setting, "TF_LOG")
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
		if asked {
			break
		}
		if err := os.Setenv(name, "OFF"); err != nil {
			return fmt.Errorf("keep the framework from logging: %w", err)
		}
	}
	err := providerserver.Serve(ctx, constructor, providerserver.ServeOpts{
		Address: "registry.terraform.io/appypie-community/appypie",
	})
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
