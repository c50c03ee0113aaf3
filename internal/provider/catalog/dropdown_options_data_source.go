package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type dropdownOptionsDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = (*dropdownOptionsDataSource)(nil)

type dropdownOptionsModel struct {
	TriggerID types.String            `tfsdk:"trigger_id"`
	ActionID  types.String            `tfsdk:"action_id"`
	ConnectID types.String            `tfsdk:"connect_id"`
	StepID    types.String            `tfsdk:"step_id"`
	Key       types.String            `tfsdk:"key"`
	AccountID types.String            `tfsdk:"account_id"`
	Values    map[string]types.String `tfsdk:"values"`
	Choices   []choiceModel           `tfsdk:"choices"`
	ByLabel   map[string]string       `tfsdk:"by_label"`
}

// NewDropdownOptionsDataSource returns the data source appypie_dropdown_options.
func NewDropdownOptionsDataSource() datasource.DataSource { return &dropdownOptionsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *dropdownOptionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dropdown_options"
}

// Schema implements datasource.DataSource.
func (d *dropdownOptionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the choices of an option whose type is `Select`, such as the spreadsheets of an account.\n\n" +
			tfkit.Provenance(dialect.ListDropdownOptions, dialect.GetTrigger, dialect.GetAction, dialect.ListConnects),
		Attributes: map[string]schema.Attribute{
			"trigger_id": tfkit.FilterString("Id of the trigger whose option it is. Set exactly one of `trigger_id`, `action_id` and `connect_id`.", tfkit.IDValidator()),
			"action_id":  tfkit.FilterString("Id of the action whose option it is.", tfkit.IDValidator()),
			"connect_id": tfkit.FilterString("Id of the connect whose step has the option; needs `step_id`. Account and options that the step already has count too.", tfkit.IDValidator()),
			"step_id":    tfkit.FilterString("Id of the step, from `steps` of the connect; needs `connect_id`.", tfkit.IDValidator()),
			"key": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Key of the option, from `fields` of `appypie_trigger` or `appypie_action`.",
				Validators:          []validator.String{notEmpty()},
			},
			"account_id": tfkit.FilterString("Id of the connected account to ask for the choices. Leave it out for apps that need no account, and for choices that no account decides on.", tfkit.IDValidator()),
			"values": schema.MapAttribute{
				ElementType:         types.StringType,
				Optional:            true,
				MarkdownDescription: "Values of the options that this one depends on, by key: see `depends_on` of its field. While one is missing there are no choices.",
			},
			"choices": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The choices, in the order of the service; empty when there are none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: choiceAttributes()},
			},
			"by_label": schema.MapAttribute{
				ElementType:         types.StringType,
				Computed:            true,
				MarkdownDescription: "The value of each choice by its label. A label that stands for several values is left out, with a warning.",
			},
		},
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *dropdownOptionsDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("trigger_id"), path.MatchRoot("action_id"), path.MatchRoot("connect_id")),
		datasourcevalidator.RequiredTogether(path.MatchRoot("connect_id"), path.MatchRoot("step_id")),
	}
}

// Read implements datasource.DataSource.
func (d *dropdownOptionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *dropdownOptionsModel, diags *diag.Diagnostics) {
		asked, ok := d.question(ctx, *model, diags)
		if !ok {
			return
		}
		choices := asked.answer(ctx, d.Provider.Client, diags)
		model.Choices, model.ByLabel = newChoiceModels(choices), byLabel(choices, diags)
	})
}
