package reliability_test

import (
	"context"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// phase is one thing that Terraform does with a resource.
type phase struct {
	name string
	// exists tells that the resource was applied before.
	exists bool
	act    func(ctx context.Context, d *acctest.Driver, s stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics)
	// goal is the configuration that the phase, or the apply after it, leads to;
	// nil when the resource is to be gone.
	goal func(stage) map[string]any
	// changes tells that the phase may change the service.
	changes bool
}

func firstConfig(s stage) map[string]any  { return s.first }
func secondConfig(s stage) map[string]any { return s.second }
func noConfig(stage) map[string]any       { return nil }

func phases() []phase {
	return []phase{
		{
			name: "create", goal: firstConfig, changes: true,
			act: func(ctx context.Context, d *acctest.Driver, s stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				return d.Converge(ctx, held, s.first)
			},
		},
		{
			name: "refresh", exists: true, goal: firstConfig,
			act: func(ctx context.Context, d *acctest.Driver, _ stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				return d.Read(ctx, held)
			},
		},
		{
			name: "plan", exists: true, goal: firstConfig,
			act: func(ctx context.Context, d *acctest.Driver, s stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				current, diags := d.Read(ctx, held)
				if diags.HasError() {
					return current, diags
				}
				_, more := d.Plan(ctx, current, s.first)
				return current, append(diags, more...)
			},
		},
		{
			name: "update", exists: true, goal: secondConfig, changes: true,
			act: func(ctx context.Context, d *acctest.Driver, s stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				return d.Converge(ctx, held, s.second)
			},
		},
		{
			name: "import", exists: true, goal: firstConfig,
			act: func(ctx context.Context, d *acctest.Driver, s stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				return d.Import(ctx, held.Type, s.importID(held))
			},
		},
		{
			name: "delete", exists: true, goal: noConfig, changes: true,
			act: func(ctx context.Context, d *acctest.Driver, _ stage, held *acctest.Resource) (*acctest.Resource, acctest.Diagnostics) {
				current, diags := d.Read(ctx, held)
				if diags.HasError() {
					return current, diags
				}
				gone, more := d.Destroy(ctx, current)
				return gone, append(diags, more...)
			},
		},
	}
}
