package connect

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectListResource struct{ tfkit.ResourceBase }

var _ list.ListResourceWithConfigure = (*connectListResource)(nil)

type connectListModel struct {
	connectFilter

	CategoryID types.String `tfsdk:"category_id"`
}

// NewConnectListResource returns the list resource appypie_connect, which
// `terraform query` finds existing connects with.
func NewConnectListResource() list.ListResource { return &connectListResource{} }

// Metadata implements list.ListResource.
func (r *connectListResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect"
}

// ListResourceConfigSchema implements list.ListResource.
func (r *connectListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	text := func(description string, check validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{check}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the connects of the account for `terraform query`, which can write their configuration and import blocks.\n\n" +
			"A connect must pass all filters, and `config` may be left out to find every one. It needs Terraform 1.14 or newer.\n\n" +
			tfkit.Provenance(dialect.ListConnects, dialect.ListApps),
		Attributes: map[string]schema.Attribute{
			"name":             text(filterName, stringvalidator.LengthAtLeast(1)),
			"text":             text(filterText, stringvalidator.LengthAtLeast(1)),
			"enabled":          schema.BoolAttribute{Optional: true, MarkdownDescription: filterEnabled},
			"popular_match_id": text(filterPopularMatchID, tfkit.IDValidator()),
			"app_id":           text(filterAppID, tfkit.IDValidator()),
			"category_id":      text("Id of a category that an app of the trigger or of an action is in; any when left out.", tfkit.IDValidator()),
		},
	}
}

// List implements list.ListResource. Pages are fetched only as far as results
// are taken, and a page that fails becomes the last result, so that half a
// listing never looks like the whole.
func (r *connectListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var (
		model connectListModel
		diags diag.Diagnostics
	)
	diags.Append(req.Config.Get(ctx, &model)...)
	wanted := r.wantedApps(ctx, model.CategoryID, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}

	stream.Results = func(push func(list.ListResult) bool) {
		taken := int64(0)
		connects, err := r.Provider.Client.Connects(ctx)
		if err != nil {
			push(list.ListResult{Diagnostics: diag.Diagnostics{tfkit.ErrorDiagnostic("Cannot list the connects", err)}})
			return
		}
		for _, connect := range connects {
			if !model.passes(connect) || !usesApp(connect, wanted) {
				continue
			}
			if taken++; !push(r.newListResult(ctx, req, &connect)) || taken == req.Limit {
				return
			}
		}
	}
}

// wantedApps tells the apps of a category from others; without a category all
// apps are wanted.
func (r *connectListResource) wantedApps(ctx context.Context, category types.String, diags *diag.Diagnostics) func(appID string) bool {
	if category.IsNull() {
		return func(string) bool { return true }
	}
	at := path.Root("category_id")
	apps, err := r.Provider.Client.Apps(ctx, category.ValueString())
	if err != nil {
		tfkit.AddAttributeError(diags, at, "Cannot list the apps of the category", err)
		return nil
	}

	// The service is asked for the one category, but it is only assumed to heed
	// that. An app that names no category is believed to have been filtered.
	apps = slices.DeleteFunc(apps, func(app connectapi.App) bool {
		return len(app.CategoryIDs) > 0 && !slices.Contains(app.CategoryIDs, category.ValueString())
	})

	// The service answers nothing for a category that does not exist, and then
	// no connect would be found for a reason that nobody sees.
	if len(apps) == 0 {
		tfkit.AttributeError(diags, errcode.EmptyCategory, at, "No app in the category",
			fmt.Sprintf("No app is in a category with the id %s, so no connect can be. Look the category up with appypie_category or appypie_categories.", category.ValueString()))
	}
	ids := make(map[string]bool, len(apps))
	for _, app := range apps {
		ids[app.ID] = true
	}
	return func(appID string) bool { return ids[appID] }
}

// newListResult is a connect as an import would bring it into the state.
func (r *connectListResource) newListResult(ctx context.Context, req list.ListRequest, connect *connectapi.Connect) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = connect.Name
	if result.DisplayName == "" {
		result.DisplayName = connect.ID
	}
	if !req.IncludeResource {
		tfkit.SetIdentity(ctx, result.Identity, &result.Diagnostics, (&connectModel{ID: types.StringValue(connect.ID)}).Identity())
		return result
	}

	connect, err := r.Provider.Client.Whole(ctx, connect)
	if err != nil {
		return list.ListResult{Diagnostics: diag.Diagnostics{tfkit.ErrorDiagnostic("Cannot read a connect", err)}}
	}
	model := newlyFound(connect)
	model.Summary = summaryOf(ctx, r.Provider, eventsOf(connect))
	model.adopt(connect, &result.Diagnostics)
	tfkit.SetIdentity(ctx, result.Identity, &result.Diagnostics, model.Identity())
	model.Fields().Write(ctx, &result.Resource.Raw, &result.Diagnostics)
	return result
}
