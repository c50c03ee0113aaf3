package connect

import (
	"context"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// NewConnectListResource returns the list resource appypie_connect, which
// `terraform query` finds existing connects with.
func NewConnectListResource() list.ListResource {
	return &tfkit.ConnectList{
		Name:        "connect",
		Description: "Finds the connects of the account for `terraform query`, which can write their configuration and import blocks.",
		More: map[string]schema.Attribute{
			"bare": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "`true` leaves `trigger`, `actions` and `enabled` out, for [four resources](../guides/one-block-or-four.md): the other three list resources find those. " +
					"The identity is then `bare/ID`, which the import takes. Default `false`.",
			},
		},
		Show: showConnect,
	}
}

// showConnect yields a connect as an import of its identity would bring it into
// the state.
func showConnect(ctx context.Context, _ *tfkit.ProviderData, req list.ListRequest, connect *connectapi.Connect) iter.Seq[list.ListResult] {
	result := tfkit.NewConnectResult(ctx, req, connect, "")
	var bare types.Bool
	result.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("bare"), &bare)...)
	model := connectModel{ID: types.StringValue(connect.ID)}
	if req.IncludeResource {
		model = newlyFound(connect)
		if !bare.ValueBool() {
			model.stepsFromAPI(connect, &result.Diagnostics)
		}
		model.Fields().Write(ctx, &result.Resource.Raw, &result.Diagnostics)
	}
	if bare.ValueBool() {
		model.ID = types.StringValue(importBare + connect.ID)
	}
	tfkit.SetIdentity(ctx, result.Identity, &result.Diagnostics, model.Identity())
	return slices.Values([]list.ListResult{result})
}

// NewActivationListResource returns the list resource appypie_connect_activation.
func NewActivationListResource() list.ListResource {
	return &tfkit.ConnectList{
		Name: "connect_activation",
		Description: "Finds the switch of each connect for `terraform query`, which can write its configuration and import blocks.\n\n" +
			"They are for the form of [four resources](../guides/one-block-or-four.md): give the list resource `appypie_connect` the same filters, and `bare = true`.",
		Show: showActivation,
	}
}

func showActivation(ctx context.Context, _ *tfkit.ProviderData, req list.ListRequest, connect *connectapi.Connect) iter.Seq[list.ListResult] {
	result := tfkit.NewConnectResult(ctx, req, connect, "switch")
	model := newlyFoundSwitch(connect)
	tfkit.SetIdentity(ctx, result.Identity, &result.Diagnostics, model.Identity())
	if req.IncludeResource {
		model.Fields().Write(ctx, &result.Resource.Raw, &result.Diagnostics)
	}
	return slices.Values([]list.ListResult{result})
}
