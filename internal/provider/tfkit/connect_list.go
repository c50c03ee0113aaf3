package tfkit

import (
	"context"
	"fmt"
	"iter"
	"maps"
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
)

// ConnectList is a list resource. All of them find connects by the same filters,
// and differ in the resources that they show of each.
type ConnectList struct {
	ResourceBase

	// Name follows the provider's in the type name.
	Name        string
	Description string
	// More are the attributes of the config block beyond the filters.
	More map[string]schema.Attribute
	// Show yields the resources of a connect. The connect is whole when the query
	// wants resources and not only their identities.
	Show func(context.Context, *ProviderData, list.ListRequest, *connectapi.Connect) iter.Seq[list.ListResult]
}

var _ list.ListResourceWithConfigure = (*ConnectList)(nil)

// Metadata implements list.ListResource.
func (l *ConnectList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.Name
}

// ListResourceConfigSchema implements list.ListResource.
func (l *ConnectList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	text := func(description string, check validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{check}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: l.Description + "\n\n" +
			"A connect must pass all filters, and `config` may be left out to find every one. It needs Terraform 1.14 or newer.\n\n" +
			Provenance(dialect.ListConnects, dialect.ListApps),
		Attributes: map[string]schema.Attribute{
			"name":             text(FilterName, stringvalidator.LengthAtLeast(1)),
			"text":             text(FilterText, stringvalidator.LengthAtLeast(1)),
			"enabled":          schema.BoolAttribute{Optional: true, MarkdownDescription: FilterEnabled},
			"popular_match_id": text(FilterPopularMatchID, IDValidator()),
			"app_id":           text(FilterAppID, IDValidator()),
			"category_id":      text("Id of a category that an app of the trigger or of an action is in; any when left out.", IDValidator()),
		},
	}
	maps.Copy(resp.Schema.Attributes, l.More)
}

// List implements list.ListResource. A connect is completed only when its
// resources are taken. A page that fails becomes the last result, so that half a
// listing never looks like the whole.
func (l *ConnectList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var (
		filter   ConnectFilter
		category types.String
		diags    diag.Diagnostics
	)
	fields := filter.fields()
	fields["category_id"] = At(&category, types.StringType)
	fields.Read(ctx, req.Config.Raw, &diags)
	wanted := l.wantedApps(ctx, category, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		taken := int64(0)
		for result := range l.results(ctx, req, func(connect *connectapi.Connect) bool {
			return filter.Passes(*connect) && usesApp(*connect, wanted)
		}) {
			if taken++; !push(result) || taken == req.Limit {
				return
			}
		}
	}
}

// results are the resources of all connects that pass.
func (l *ConnectList) results(ctx context.Context, req list.ListRequest, passes func(*connectapi.Connect) bool) iter.Seq[list.ListResult] {
	failed := func(summary string, err error) list.ListResult {
		return list.ListResult{Diagnostics: diag.Diagnostics{ErrorDiagnostic(summary, err)}}
	}
	return func(push func(list.ListResult) bool) {
		connects, err := l.Provider.Client.Connects(ctx)
		if err != nil {
			push(failed("Cannot list the connects", err))
			return
		}
		for _, listed := range connects {
			if !passes(&listed) {
				continue
			}
			connect := &listed
			if req.IncludeResource {
				connect, err = l.Provider.Client.Whole(ctx, connect)
			}
			if connectapi.IsNotFound(err) {
				continue // It was deleted after the listing.
			}
			if err != nil {
				push(failed("Cannot read the connect "+listed.ID, err))
				return
			}
			for result := range l.Show(ctx, l.Provider, req, connect) {
				if !push(result) {
					return
				}
			}
		}
	}
}

// wantedApps tells the apps of a category from others; without a category all
// apps are wanted.
func (l *ConnectList) wantedApps(ctx context.Context, category types.String, diags *diag.Diagnostics) func(appID string) bool {
	if category.IsNull() || diags.HasError() {
		return func(string) bool { return true }
	}
	at := path.Root("category_id")
	apps, err := l.Provider.Client.Apps(ctx, category.ValueString())
	if err != nil {
		AddAttributeError(diags, at, "Cannot list the apps of the category", err)
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
		AttributeError(diags, errcode.EmptyCategory, at,
			fmt.Sprintf("No app is in a category with the id %s, so no connect can be. Look the category up with appypie_category or appypie_categories.", category.ValueString()))
	}
	ids := make(map[string]bool, len(apps))
	for _, app := range apps {
		ids[app.ID] = true
	}
	return func(appID string) bool { return ids[appID] }
}

// NewConnectResult is the result for a resource of a connect, without identity
// and attributes. It is named after the connect, with the part that it manages.
func NewConnectResult(ctx context.Context, req list.ListRequest, connect *connectapi.Connect, part string) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = connect.Name
	if result.DisplayName == "" {
		result.DisplayName = connect.ID
	}
	if part != "" {
		result.DisplayName += ": " + part
	}
	return result
}
