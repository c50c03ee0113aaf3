package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type eventDataSource struct {
	tfkit.DataSourceBase

	kind connectapi.EventKind
}

var _ datasource.DataSourceWithConfigValidators = (*eventDataSource)(nil)

// NewTriggerDataSource returns the data source appypie_trigger.
func NewTriggerDataSource() datasource.DataSource {
	return &eventDataSource{kind: connectapi.TriggerEvent}
}

// NewActionDataSource returns the data source appypie_action.
func NewActionDataSource() datasource.DataSource {
	return &eventDataSource{kind: connectapi.ActionEvent}
}

// Metadata implements datasource.DataSource.
func (d *eventDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = fmt.Sprintf("%s_%s", req.ProviderTypeName, d.kind)
}

// Schema implements datasource.DataSource.
func (d *eventDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := eventAttributes(d.kind)
	attributes["id"] = tfkit.LookupString(fmt.Sprintf("Id of the %s. Set either `id`, or `app_id` and `name`.", d.kind), tfkit.IDValidator())
	attributes["app_id"] = tfkit.LookupString("Id of the app; needs `name`.", tfkit.IDValidator())
	attributes["name"] = tfkit.LookupString(fmt.Sprintf("Name of the %s; upper and lower case count as the same. Needs `app_id`.", d.kind), notEmpty())
	resp.Schema = schema.Schema{
		MarkdownDescription: d.description(),
		Attributes:          attributes,
	}
}

func (d *eventDataSource) description() string {
	what := "Finds one trigger of an app, what a connect starts with, and its options"
	if d.kind == connectapi.ActionEvent {
		what = "Finds one action of an app, what a connect carries out, and its options"
	}
	return what + ", by its id, or by its app and name.\n\n" + tfkit.Provenance(eventOperations(d.kind))
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *eventDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("app_id")),
		datasourcevalidator.RequiredTogether(path.MatchRoot("app_id"), path.MatchRoot("name")),
	}
}

// Read implements datasource.DataSource.
func (d *eventDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *eventModel, diags *diag.Diagnostics) {
		if event, ok := d.find(ctx, *model, diags); ok {
			*model = newEventModel(event, model.AppID.ValueString())
		}
	})
}

func (d *eventDataSource) find(ctx context.Context, model eventModel, diags *diag.Diagnostics) (connectapi.Event, bool) {
	if !model.ID.IsNull() {
		return d.get(ctx, model.ID.ValueString(), path.Root("id"), diags)
	}
	events, ok := listEvents(ctx, d.Provider.Client, d.kind, model.AppID.ValueString(), diags)
	if !ok {
		return connectapi.Event{}, false
	}
	event, ok := tfkit.LookupBy(string(d.kind), "name", model.Name.ValueString(),
		func(e connectapi.Event) string { return e.Name }, strings.EqualFold, describeEvent).One(events, diags)

	// That a listing shows the fields is only assumed.
	if ok && len(event.Fields) == 0 {
		return d.get(ctx, event.ID, path.Root("name"), diags)
	}
	return event, ok
}

func (d *eventDataSource) get(ctx context.Context, id string, at path.Path, diags *diag.Diagnostics) (connectapi.Event, bool) {
	event, err := d.Provider.Client.Event(ctx, d.kind, id)
	if err != nil {
		tfkit.AddAttributeError(diags, at, fmt.Sprintf("Cannot read %s %s", d.kind, id), err)
		return connectapi.Event{}, false
	}
	return *event, true
}

// listEvents lists the triggers or the actions of an app, which is unknown when
// there is no such listing.
func listEvents(ctx context.Context, client *connectapi.Client, kind connectapi.EventKind, appID string, diags *diag.Diagnostics) ([]connectapi.Event, bool) {
	events, err := client.Events(ctx, kind, appID)
	switch {
	case connectapi.IsNotFound(err):
		tfkit.AddAttributeError(diags, path.Root("app_id"), fmt.Sprintf("Cannot list the %ss of app %s", kind, appID), err)
	case err != nil:
		tfkit.AddError(diags, fmt.Sprintf("Cannot list the %ss of app %s", kind, appID), err)
	}
	return events, err == nil
}
