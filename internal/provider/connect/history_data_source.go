package connect

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

const (
	historyDefault = 100
	historyMost    = 1000
	// historyOlder is how many entries in a row have to be older than wanted
	// before the rest is taken to be older too. Runs that overlap need not be
	// listed in the exact order of their beginnings.
	historyOlder = 20
)

type historyDataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithValidateConfig = (*historyDataSource)(nil)

type historyModel struct {
	ConnectID types.String   `tfsdk:"connect_id"`
	Status    types.String   `tfsdk:"status"`
	Since     types.String   `tfsdk:"since"`
	Limit     types.Int64    `tfsdk:"limit"`
	Entries   []historyEntry `tfsdk:"entries"`
}

type historyEntry struct {
	ID         types.String `tfsdk:"id"`
	Status     types.String `tfsdk:"status"`
	Message    types.String `tfsdk:"message"`
	StartedAt  types.String `tfsdk:"started_at"`
	FinishedAt types.String `tfsdk:"finished_at"`
	Tasks      types.Int64  `tfsdk:"tasks"`
}

// NewHistoryDataSource returns the data source appypie_connect_history.
func NewHistoryDataSource() datasource.DataSource { return &historyDataSource{} }

// Metadata implements datasource.DataSource.
func (d *historyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect_history"
}

// Schema implements datasource.DataSource.
func (d *historyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists what happened to a connect, the newest first: its runs, its tests, and that it was turned on or off.\n\n" +
			tfkit.Provenance(dialect.GetConnectHistory),
		Attributes: map[string]schema.Attribute{
			"connect_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the connect.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"status": tfkit.FilterString("Status of the entries, such as `success` or `failed`, in upper or lower case; any when left out.", stringvalidator.LengthAtLeast(1)),
			"since":  tfkit.FilterString("Time of the oldest entries that count, by when they started, in RFC 3339, such as `2026-01-31T08:00:00Z`; any when left out."),
			"limit": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The most entries to return, 1 to %d. Default %d. The history is read only as far as that takes; together with `status`, set `since` too, "+
					"so that the search for a rare status ends.", historyMost, historyDefault),
				Validators: []validator.Int64{int64validator.Between(1, historyMost)},
			},
			"entries": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The entries found, the newest first; empty when there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          tfkit.ComputedString("Id of the entry."),
					"status":      tfkit.ComputedString("How it went, in the service's own word, such as `success` or `failed`."),
					"message":     tfkit.ComputedString("What happened, in the service's words."),
					"started_at":  tfkit.ComputedString("When it started, in RFC 3339."),
					"finished_at": tfkit.ComputedString("When it finished, in RFC 3339; null while it is running."),
					"tasks":       schema.Int64Attribute{Computed: true, MarkdownDescription: "How many tasks of the plan it used up."},
				}},
			},
		},
	}
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig.
func (d *historyDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var since types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("since"), &since)...)
	if since.IsNull() || since.IsUnknown() {
		return
	}
	if _, err := time.Parse(time.RFC3339, since.ValueString()); err != nil {
		tfkit.AttributeError(&resp.Diagnostics, errcode.MalformedTime, path.Root("since"),
			fmt.Sprintf("%q is not a time in RFC 3339 format.", since.ValueString()))
	}
}

// Read implements datasource.DataSource.
func (d *historyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *historyModel, diags *diag.Diagnostics) {
		d.collect(ctx, model, diags)
	})
}

// collect reads the history as far as it is wanted.
func (d *historyDataSource) collect(ctx context.Context, model *historyModel, diags *diag.Diagnostics) {
	limit := historyDefault
	if !model.Limit.IsNull() {
		limit = int(model.Limit.ValueInt64())
	}

	// ValidateConfig has seen the time, and no time stands for the first one.
	since, _ := time.Parse(time.RFC3339, model.Since.ValueString())
	older := 0
	model.Entries = []historyEntry{}

	for entry, err := range d.Provider.Client.History(ctx, model.ConnectID.ValueString()) {
		switch {
		case connectapi.IsNotFound(err):
			tfkit.AddAttributeError(diags, path.Root("connect_id"), "Cannot read the history of connect "+model.ConnectID.ValueString(), err)
			return
		case err != nil:
			tfkit.AddError(diags, "Cannot read the history of connect "+model.ConnectID.ValueString(), err)
			return
		case isBefore(entry.StartedAt, since):
			if older++; older == historyOlder {
				return
			}
			continue
		}
		older = 0
		if !model.Status.IsNull() && !strings.EqualFold(entry.Status, model.Status.ValueString()) {
			continue
		}
		if model.Entries = append(model.Entries, newHistoryEntry(entry)); len(model.Entries) == limit {
			return
		}
	}
}

// isBefore reports whether a time of the service is before another. What the
// service does not date in the usual form is not left out for that.
func isBefore(at string, since time.Time) bool {
	parsed, err := time.Parse(time.RFC3339, at)
	return err == nil && parsed.Before(since)
}

func newHistoryEntry(entry connectapi.HistoryEntry) historyEntry {
	return historyEntry{
		ID:         tfkit.StringOrNull(entry.ID),
		Status:     tfkit.StringOrNull(entry.Status),
		Message:    tfkit.StringOrNull(entry.Message),
		StartedAt:  tfkit.StringOrNull(entry.StartedAt),
		FinishedAt: tfkit.StringOrNull(entry.FinishedAt),
		Tasks:      types.Int64Value(int64(entry.Tasks)),
	}
}
