package acctest_test

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stubProvider is the smallest provider that uses all that a driver must carry.
type stubProvider struct {
	mu      sync.Mutex
	made    int
	widgets map[string]widget
	// failCreate makes the next creation fail after the widget exists.
	failCreate bool
	// seenSecret is the write-only value of the last apply.
	seenSecret string
}

type widget struct {
	ID       types.String  `tfsdk:"id"`
	Name     types.String  `tfsdk:"name"`
	Kind     types.String  `tfsdk:"kind"`
	Revision types.Int64   `tfsdk:"revision"`
	Settings *widgetPart   `tfsdk:"settings"`
	Parts    []*widgetPart `tfsdk:"parts"`
	Secret   types.String  `tfsdk:"secret_wo"`
}

type widgetPart struct {
	Options map[string]string `tfsdk:"options"`
	Label   types.String      `tfsdk:"label"`
}

func (p *stubProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "stub"
}

func (p *stubProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *stubProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p *stubProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &widgetResource{p} }}
}

func (p *stubProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &widgetDataSource{p} }}
}

type widgetResource struct{ p *stubProvider }

func (r *widgetResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "stub_widget"
}

func (r *widgetResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	part := map[string]schema.Attribute{
		"options": schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"label":   schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keep},
	}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":        schema.StringAttribute{Computed: true, PlanModifiers: keep},
		"name":      schema.StringAttribute{Required: true},
		"kind":      schema.StringAttribute{Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"revision":  schema.Int64Attribute{Computed: true},
		"settings":  schema.SingleNestedAttribute{Optional: true, Attributes: part},
		"parts":     schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: part}},
		"secret_wo": schema.StringAttribute{Optional: true, WriteOnly: true},
	}}
}

func (r *widgetResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true},
	}}
}

func (r *widgetResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
}

// settle fills in what the stub service computes.
func (w *widget) settle(revision int64) {
	w.Revision, w.Secret = types.Int64Value(revision), types.StringNull()
	for _, part := range append([]*widgetPart{w.Settings}, w.Parts...) {
		if part != nil && part.Label.IsUnknown() {
			part.Label = types.StringValue(fmt.Sprintf("%d options", len(part.Options)))
		}
	}
}

func (r *widgetResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config widget
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	r.p.made++
	plan.ID = types.StringValue(fmt.Sprintf("w%d", r.p.made))
	plan.settle(1)
	r.p.seenSecret = config.Secret.ValueString()
	r.p.widgets[plan.ID.ValueString()] = plan
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), plan.ID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "made", []byte(`"here"`))...)
	if r.p.failCreate {
		r.p.failCreate = false
		resp.Diagnostics.AddAttributeError(path.Root("parts").AtListIndex(0).AtName("options").AtMapKey("a"), "Half done", "Apply again.")
	}
}

func (r *widgetResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	held, ok := r.p.widgets[id.ValueString()]
	if !ok {
		resp.State.RemoveResource(ctx)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, held)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), held.ID)...)
}

func (r *widgetResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state widget
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	private, diags := req.Private.GetKey(ctx, "made")
	resp.Diagnostics.Append(diags...)
	if string(private) != `"here"` {
		resp.Diagnostics.AddError("Private state lost", string(private))
	}
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	plan.settle(state.Revision.ValueInt64() + 1)
	r.p.widgets[plan.ID.ValueString()] = plan
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *widgetResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	delete(r.p.widgets, id.ValueString())
}

type widgetDataSource struct{ p *stubProvider }

func (d *widgetDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "stub_widgets"
}

func (d *widgetDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dsschema.Schema{Attributes: map[string]dsschema.Attribute{
		"name":  dsschema.StringAttribute{Optional: true},
		"total": dsschema.Int64Attribute{Computed: true},
	}}
}

func (d *widgetDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	found := maps.Clone(d.p.widgets)
	maps.DeleteFunc(found, func(_ string, w widget) bool { return !name.IsNull() && !w.Name.Equal(name) })
	if len(found) == 0 {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "No widget", "There is none of that name.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("total"), int64(len(found)))...)
}
