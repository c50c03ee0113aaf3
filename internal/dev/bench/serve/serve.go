// Package serve serves the providers of the benchmark as the released one is
// served, so that none has an advantage.
package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	released "github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// Provider serves until Terraform ends the process.
func Provider(_ context.Context, constructor func() provider.Provider) error {
	return released.Serve(constructor, false)
}
