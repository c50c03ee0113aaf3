// Package provider is the Terraform side of the Appy Pie Connect provider.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

type appypieProvider struct {
	version string
}

// New returns a constructor of the provider. Version is the release that is
// reported in the user agent and in diagnostics.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &appypieProvider{version: version}
	}
}

// Metadata sets the type prefix of everything this provider offers.
func (p *appypieProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "appypie"
	resp.Version = p.version
}

// Schema describes the provider block.
func (p *appypieProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure hands the client to resources and data sources.
func (p *appypieProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

// Resources lists the managed resources.
func (p *appypieProvider) Resources(context.Context) []func() resource.Resource { return nil }

// DataSources lists the data sources.
func (p *appypieProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
