// Package provider is the Terraform side of the Appy Pie Connect provider. Its
// rooms hold the resources and data sources, a domain each.
package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/account"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/connect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/token"
)

type appypieProvider struct {
	version string
}

var (
	_ provider.ProviderWithEphemeralResources = (*appypieProvider)(nil)
	_ provider.ProviderWithListResources      = (*appypieProvider)(nil)
	_ provider.ProviderWithActions            = (*appypieProvider)(nil)
	_ provider.ProviderWithFunctions          = (*appypieProvider)(nil)
)

// New returns a constructor of the provider. Version is the release that is
// reported in the user agent.
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

// Resources lists the managed resources.
func (p *appypieProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		connect.NewConnectResource,
		connect.NewActivationResource,
		steps.NewTriggerOptionsResource,
		steps.NewActionOptionsResource,
	}
}

// DataSources lists the data sources.
func (p *appypieProvider) DataSources(context.Context) []func() datasource.DataSource {
	return slices.Concat(catalog.DataSources(), account.DataSources(), []func() datasource.DataSource{
		connect.NewConnectDataSource,
		connect.NewConnectsDataSource,
		connect.NewHistoryDataSource,
	})
}

// EphemeralResources lists the ephemeral resources.
func (p *appypieProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{token.NewAccessTokenEphemeral, account.NewAuthorizationEphemeral}
}

// ListResources lists what `terraform query` can find.
func (p *appypieProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		connect.NewConnectListResource,
		connect.NewActivationListResource,
		steps.NewTriggerOptionsListResource,
		steps.NewActionOptionsListResource,
	}
}

// Actions lists the actions.
func (p *appypieProvider) Actions(context.Context) []func() action.Action { return connect.Actions() }

// Functions lists the functions.
func (p *appypieProvider) Functions(context.Context) []func() function.Function {
	return append(token.Functions(), catalog.NewOptionSkeletonFunction)
}
