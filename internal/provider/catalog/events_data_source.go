package catalog

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type eventsDataSource struct {
	tfkit.DataSourceBase

	kind connectapi.EventKind
}

type eventsFilter struct {
	AppID types.String `tfsdk:"app_id"`
	Text  types.String `tfsdk:"text"`
}

type triggersModel struct {
	eventsFilter

	Triggers []eventModel `tfsdk:"triggers"`
}

type actionsModel struct {
	eventsFilter

	Actions []eventModel `tfsdk:"actions"`
}

// NewTriggersDataSource returns the data source appypie_triggers.
func NewTriggersDataSource() datasource.DataSource {
	return &eventsDataSource{kind: connectapi.TriggerEvent}
}

// NewActionsDataSource returns the data source appypie_actions.
func NewActionsDataSource() datasource.DataSource {
	return &eventsDataSource{kind: connectapi.ActionEvent}
}

// Metadata implements datasource.DataSource.
func (d *eventsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = fmt.Sprintf("%s_%ss", req.ProviderTypeName, d.kind)
}

// Schema implements datasource.DataSource.
func (d *eventsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	_, list := eventOperations(d.kind)
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Lists the %ss of an app with their options.\n\n%s", d.kind, tfkit.Provenance(list)),
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the app.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"text": tfkit.FilterString("Text that the name or the description contains, in upper or lower case; any when left out.", notEmpty()),
			string(d.kind) + "s": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: fmt.Sprintf("The %ss found, in the order of the service; empty when there are none.", d.kind),
				NestedObject:        schema.NestedAttributeObject{Attributes: eventAttributes(d.kind)},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *eventsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if d.kind == connectapi.ActionEvent {
		tfkit.ReadDataSource(ctx, req, resp, func(model *actionsModel, diags *diag.Diagnostics) {
			model.Actions = d.find(ctx, model.eventsFilter, diags)
		})
		return
	}
	tfkit.ReadDataSource(ctx, req, resp, func(model *triggersModel, diags *diag.Diagnostics) {
		model.Triggers = d.find(ctx, model.eventsFilter, diags)
	})
}

func (d *eventsDataSource) find(ctx context.Context, filter eventsFilter, diags *diag.Diagnostics) []eventModel {
	events, _ := listEvents(ctx, d.Provider.Client, d.kind, filter.AppID.ValueString(), diags)
	found := make([]eventModel, 0, len(events))
	for _, event := range events {
		if containsFold(filter.Text.ValueString(), event.Name, event.Description) {
			found = append(found, newEventModel(event, filter.AppID.ValueString()))
		}
	}
	return found
}
