package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type sampleDataDataSource struct{ tfkit.DataSourceBase }

type sampleDataModel struct {
	ConnectID types.String  `tfsdk:"connect_id"`
	TestedAt  types.String  `tfsdk:"tested_at"`
	Trigger   *sampleModel  `tfsdk:"trigger"`
	Actions   []sampleModel `tfsdk:"actions"`
}

type sampleModel struct {
	Keys   []string          `tfsdk:"keys"`
	Labels map[string]string `tfsdk:"labels"`
	Values map[string]string `tfsdk:"values"`
}

// NewSampleDataDataSource returns the data source appypie_sample_data.
func NewSampleDataDataSource() datasource.DataSource { return &sampleDataDataSource{} }

// Metadata implements datasource.DataSource.
func (d *sampleDataDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_sample_data"
}

// Schema implements datasource.DataSource.
func (d *sampleDataDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the values that the last test of a connect brought, which options of later actions refer to by `{{key}}`.\n\n" +
			"It runs no test: it shows what the history of the connect tells of the last one. Everything is empty when there was no test, or when the service shows nothing of it.\n\n" +
			tfkit.Provenance(dialect.GetConnectHistory, dialect.ListConnects),
		Attributes: map[string]schema.Attribute{
			"connect_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the connect.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"tested_at": tfkit.ComputedString("When the test started, in RFC 3339; null when nothing is known of a test."),
			"trigger": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What the trigger brought.",
				Attributes:          sampleAttributes(),
			},
			"actions": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What each action brought, in the order of the popular match. It is empty for an action that the test did not reach.",
				NestedObject:        schema.NestedAttributeObject{Attributes: sampleAttributes()},
			},
		},
	}
}

func sampleAttributes() map[string]schema.Attribute {
	texts := func(sensitive bool, description string) schema.Attribute {
		return schema.MapAttribute{ElementType: types.StringType, Computed: true, Sensitive: sensitive, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"keys": schema.ListAttribute{
			ElementType:         types.StringType,
			Computed:            true,
			MarkdownDescription: "The keys, in the order of the service.",
		},
		"labels": texts(false, "What the web editor calls each value, by its key."),
		"values": texts(true, "The value of each key in the test; JSON where it is no text. It may be personal data, so Terraform does not print it. The state holds it."),
	}
}

// Read implements datasource.DataSource.
func (d *sampleDataDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *sampleDataModel, diags *diag.Diagnostics) {
		id := model.ConnectID.ValueString()
		connect, err := d.Provider.Client.Connect(ctx, id)
		if err != nil {
			tfkit.AddAttributeError(diags, path.Root("connect_id"), "Cannot read the connect "+id, err)
			return
		}
		samples, err := d.Provider.Client.Samples(ctx, connect)
		if err != nil {
			tfkit.AddError(diags, "Cannot read the history of connect "+id, err)
			return
		}
		if samples == nil {
			samples = &connectapi.Samples{Actions: make([][]connectapi.SampleDatum, len(connect.Actions))}
		}
		trigger := newSampleModel(samples.Trigger)
		model.TestedAt, model.Trigger = tfkit.StringOrNull(samples.TestedAt), &trigger
		model.Actions = make([]sampleModel, len(samples.Actions))
		for i, data := range samples.Actions {
			model.Actions[i] = newSampleModel(data)
		}
	})
}

func newSampleModel(data []connectapi.SampleDatum) sampleModel {
	model := sampleModel{Keys: []string{}, Labels: map[string]string{}, Values: map[string]string{}}
	for _, datum := range data {
		if _, twice := model.Values[datum.Key]; !twice {
			model.Keys = append(model.Keys, datum.Key)
		}
		model.Labels[datum.Key], model.Values[datum.Key] = datum.Label, datum.Value
	}
	return model
}
