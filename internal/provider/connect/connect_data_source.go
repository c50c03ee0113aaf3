package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*connectDataSource)(nil)

// connectData is a connect as the data sources show it: whole, and not only the
// parts that a resource manages.
type connectData struct {
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	PopularMatchID types.String `tfsdk:"popular_match_id"`
	Enabled        types.Bool   `tfsdk:"enabled"`
	Status         types.String `tfsdk:"status"`
	Trigger        *triggerData `tfsdk:"trigger"`
	Actions        []actionData `tfsdk:"actions"`
	CreatedAt      types.String `tfsdk:"created_at"`
	UpdatedAt      types.String `tfsdk:"updated_at"`
}

type stepData struct {
	StepID    types.String      `tfsdk:"step_id"`
	AppID     types.String      `tfsdk:"app_id"`
	AccountID types.String      `tfsdk:"account_id"`
	Options   map[string]string `tfsdk:"options"`
}

type triggerData struct {
	stepData

	TriggerID types.String `tfsdk:"trigger_id"`
}

type actionData struct {
	stepData

	ActionID types.String `tfsdk:"action_id"`
}

// NewConnectDataSource returns the data source appypie_connect.
func NewConnectDataSource() datasource.DataSource { return &connectDataSource{} }

// Metadata implements datasource.DataSource.
func (d *connectDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect"
}

// Schema implements datasource.DataSource.
func (d *connectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := connectDataAttributes()
	attributes["id"] = tfkit.LookupString("Id of the connect. Set exactly one of `id` and `name`.", tfkit.IDValidator())
	attributes["name"] = tfkit.LookupString("Exact name of the connect. Names need not be unique in the service; a name that several connects have is an error.",
		stringvalidator.LengthAtLeast(1))
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one connect, an automation of a trigger and its actions, by its id or name.\n\n" + tfkit.Provenance(dialect.ListConnects),
		Attributes:          attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *connectDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

// Read implements datasource.DataSource.
func (d *connectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *connectData, diags *diag.Diagnostics) {
		if connect, ok := d.find(ctx, *model, diags); ok {
			*model = newConnectData(connect)
		}
	})
}

func (d *connectDataSource) find(ctx context.Context, model connectData, diags *diag.Diagnostics) (connectapi.Connect, bool) {
	if !model.ID.IsNull() {
		connect, err := d.Provider.Client.Connect(ctx, model.ID.ValueString())
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("id"), "Cannot read the connect", err)
			return connectapi.Connect{}, false
		}
		return *connect, true
	}
	connects, err := d.Provider.Client.Connects(ctx)
	if err != nil {
		tfkit.AddError(diags, "Cannot list the connects", err)
		return connectapi.Connect{}, false
	}

	found, ok := tfkit.LookupBy("connect", "name", model.Name.ValueString(),
		func(c connectapi.Connect) string { return c.Name }, tfkit.Exactly,
		func(c connectapi.Connect) string { return fmt.Sprintf("%q (%s)", c.Name, c.ID) }).One(connects, diags)
	if !ok {
		return connectapi.Connect{}, false
	}
	connect, err := d.Provider.Client.Whole(ctx, &found)
	if err != nil {
		tfkit.AddAttributeError(diags, path.Root("name"), "Cannot read the connect", err)
		return connectapi.Connect{}, false
	}
	return *connect, true
}

func newConnectData(connect connectapi.Connect) connectData {
	data := connectData{
		ID:             types.StringValue(connect.ID),
		Name:           tfkit.StringOrNull(connect.Name),
		PopularMatchID: tfkit.StringOrNull(connect.PopularMatchID),
		Enabled:        types.BoolValue(connect.On),
		Status:         tfkit.StringOrNull(connect.Status),
		Trigger:        &triggerData{stepData: newStepData(connect.Trigger), TriggerID: tfkit.StringOrNull(connect.Trigger.EventID)},
		Actions:        make([]actionData, len(connect.Actions)),
		CreatedAt:      tfkit.StringOrNull(connect.CreatedAt),
		UpdatedAt:      tfkit.StringOrNull(connect.UpdatedAt),
	}
	for i, action := range connect.Actions {
		data.Actions[i] = actionData{stepData: newStepData(action), ActionID: tfkit.StringOrNull(action.EventID)}
	}
	return data
}

// newStepData leaves masked values out: a mask says nothing but that there is a
// value, and whoever wrote it into another connect would destroy a secret.
func newStepData(step connectapi.Step) stepData {
	var options map[string]string
	if step.Options != nil {
		options = make(map[string]string, len(step.Options))
	}
	for key, value := range step.Texts() {
		if value != "" && !connectapi.IsMasked(value) {
			options[key] = value
		}
	}
	return stepData{
		StepID:    tfkit.StringOrNull(step.ID),
		AppID:     tfkit.StringOrNull(step.AppID),
		AccountID: tfkit.StringOrNull(step.AccountID),
		Options:   options,
	}
}

func connectDataAttributes() map[string]schema.Attribute {
	trigger, action := stepDataAttributes("trigger"), stepDataAttributes("action")
	trigger["trigger_id"] = tfkit.ComputedString("Id of the trigger.")
	action["action_id"] = tfkit.ComputedString("Id of the action.")

	return map[string]schema.Attribute{
		"id":               tfkit.ComputedString("Id of the connect."),
		"name":             tfkit.ComputedString("Name of the connect."),
		"popular_match_id": tfkit.ComputedString("Id of the popular match that the connect was made from; null if the service tells none."),
		"enabled":          schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the connect is on."},
		"status":           tfkit.ComputedString("State of the connect in the service's own word, such as `ON` or `OFF`."),
		"trigger": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The step that starts the connect.",
			Attributes:          trigger,
		},
		"actions": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The steps that the connect carries out, in their order.",
			NestedObject:        schema.NestedAttributeObject{Attributes: action},
		},
		"created_at": tfkit.ComputedString("When the connect was made, in RFC 3339."),
		"updated_at": tfkit.ComputedString("When the connect last changed, in RFC 3339."),
	}
}

func stepDataAttributes(kind string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"step_id":    tfkit.ComputedString("Id of the step within the connect."),
		"app_id":     tfkit.ComputedString("Id of the " + kind + "'s app."),
		"account_id": tfkit.ComputedString("Id of the connected account of the step; null while none is chosen."),
		"options": schema.MapAttribute{
			ElementType: types.StringType,
			Computed:    true,
			// The service does not say which options are secret, and whether it
			// masks them all is unknown.
			Sensitive: true,
			MarkdownDescription: "Options of the " + kind + " that have a value, by key. Values that the service shows masked, such as `****`, are left out. Null if the service shows no options. " +
				"Sensitive, because the service does not tell which other options are secret.",
		},
	}
}
