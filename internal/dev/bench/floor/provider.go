// Package floor is what the provider is measured against: a provider with the
// same schemas of connects, in one block or in four, that answers every read from one listing and
// makes the same writes, without checks, repetition, locks or verification. What
// it costs is what Terraform, the framework and that schema cost.
package floor

import (
	"context"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

type floorProvider struct {
	without []string
}

// New returns a constructor of the floor provider. It is configured by
// APPYPIE_API_URL and APPYPIE_ACCESS_TOKEN only. Without names groups of
// attributes that are left out of its schema, see Groups.
func New(without ...string) func() provider.Provider {
	return func() provider.Provider { return &floorProvider{without: without} }
}

// Metadata implements provider.Provider.
func (p *floorProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "appypie"
}

// Schema implements provider.Provider.
func (p *floorProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure implements provider.Provider.
func (p *floorProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = newClient(os.Getenv("APPYPIE_API_URL"), os.Getenv("APPYPIE_ACCESS_TOKEN"))
}

// DataSources implements provider.Provider.
func (p *floorProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources implements provider.Provider.
func (p *floorProvider) Resources(context.Context) []func() resource.Resource {
	return append(parts(), func() resource.Resource {
		plain := &connectResource{without: p.without}
		if slices.Contains(p.without, GroupIdentity) {
			return plain
		}
		return &identifiedResource{plain}
	})
}
