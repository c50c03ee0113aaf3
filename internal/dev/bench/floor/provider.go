// Package floor is what the provider is measured against: a provider with the
// same schemas of connects, in one block or in four, that answers every read from
// one listing and makes the same writes, without checks, repetition, locks or verification. What
// it costs is what Terraform, the framework and that schema cost.
package floor

import (
	"context"
	"os"

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
	return resources(p.without)
}

// GroupIdentity is the group that is no attribute.
const GroupIdentity = "identity"

// Group is a group of attributes that can be left out of the schema.
type Group struct {
	Name string
	// attributes are those of the resource, stepAttributes those of trigger and
	// actions.
	attributes, stepAttributes []string
}

// Groups returns the groups whose cost is worth knowing. What is in none of them
// is what a connect is made of.
func Groups() []Group {
	return []Group{
		{Name: "secrets", attributes: []string{"secrets_wo_version"}, stepAttributes: []string{"secrets_wo"}},
		{Name: "timeouts", attributes: []string{"timeouts"}},
		{Name: "policies", attributes: []string{"run_test", "pause_during_update", "deletion_policy"}},
		{Name: "status", attributes: []string{"status"}},
		{Name: GroupIdentity},
	}
}
