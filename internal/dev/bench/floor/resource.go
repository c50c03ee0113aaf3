package floor

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// connectResource handles raw values: no model, no reflection.
type connectResource struct {
	without []string
	client  *client
}

// Metadata implements resource.Resource.
func (r *connectResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect"
}

// Schema implements resource.Resource.
func (r *connectResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = connectSchema(ctx, r.without)
}

// Configure implements resource.ResourceWithConfigure.
func (r *connectResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*client)
}

// Create makes the connect, edits its steps and turns it on.
func (r *connectResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := members(req.Plan.Raw)
	made, err := r.client.write(ctx, http.MethodPost, "/connect/popular-match/"+text(plan["popular_match_id"]), map[string]string{"name": text(plan["name"])})
	if err == nil {
		r.client.made.Store(made.ID, made.Actions)
		made, err = r.configure(ctx, made, plan, nil)
	}
	if err != nil {
		resp.Diagnostics.AddError("Cannot create", err.Error())
		return
	}
	store(ctx, &resp.State, resp.Identity, req.Plan.Raw.Type(), computed(plan, made))
}

// Read answers from the listing.
func (r *connectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	all, err := r.client.list(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Cannot list", err.Error())
		return
	}
	state := members(req.State.Raw)
	held, ok := all[text(state["id"])]
	if !ok {
		resp.State.RemoveResource(ctx)
		return
	}
	store(ctx, &resp.State, resp.Identity, req.State.Raw.Type(), refreshed(computed(state, held), held))
}

// Update turns the connect off, edits the steps that differ and turns it on.
func (r *connectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, state := members(req.Plan.Raw), members(req.State.Raw)
	id := text(state["id"])
	held, err := r.client.write(ctx, http.MethodPut, "/connect/turn-off/"+id, nil)
	if err == nil {
		held, err = r.configure(ctx, held, plan, state)
	}
	if err != nil {
		resp.Diagnostics.AddError("Cannot update", err.Error())
		return
	}
	store(ctx, &resp.State, resp.Identity, req.Plan.Raw.Type(), computed(plan, held))
}

// Delete turns the connect off, unless another resource did, and deletes it.
func (r *connectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := members(req.State.Raw)
	id := text(state["id"])
	var err error
	if truth(state["enabled"]) {
		_, err = r.client.write(ctx, http.MethodPut, "/connect/turn-off/"+id, nil)
	}
	if err == nil {
		_, err = r.client.write(ctx, http.MethodDelete, "/connect/"+id, nil)
	}
	if err != nil {
		resp.Diagnostics.AddError("Cannot delete", err.Error())
	}
}

// configure edits the steps that differ from the state and turns the connect on.
func (r *connectResource) configure(ctx context.Context, held wireConnect, plan, state map[string]tftypes.Value) (wireConnect, error) {
	if !plan["trigger"].IsNull() && !plan["trigger"].Equal(state["trigger"]) {
		edited, err := r.client.write(ctx, http.MethodPut, "/connect/trigger-options/"+held.ID, edit(members(plan["trigger"])))
		if err != nil {
			return held, err
		}
		held = edited
	}
	actions, before := elements(plan["actions"]), elements(state["actions"])
	for i, action := range actions {
		if i < len(before) && action.Equal(before[i]) {
			continue
		}
		edited, err := r.client.write(ctx, http.MethodPut, "/connect/action-options/"+held.ID+"/"+held.Actions[i].StepID, edit(members(action)))
		if err != nil {
			return held, err
		}
		held = edited
	}
	if !truth(plan["enabled"]) {
		return held, nil
	}
	return r.client.write(ctx, http.MethodPut, "/connect/turn-on/"+held.ID, nil)
}

// store publishes state and identity, whose attributes the state has too.
func store(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, of tftypes.Type, values map[string]tftypes.Value) {
	state.Raw = tftypes.NewValue(of, values)
	if identity == nil {
		return
	}
	attributes := map[string]tftypes.Value{}
	for name := range identity.Schema.GetAttributes() {
		attributes[name] = values[name]
	}
	identity.Raw = tftypes.NewValue(identity.Schema.Type().TerraformType(ctx), attributes)
}

var (
	_ resource.ResourceWithConfigure = (*connectResource)(nil)
	_ resource.ResourceWithIdentity  = (*identifiedResource)(nil)
	_ resource.ResourceWithConfigure = (*partResource)(nil)
	_ resource.ResourceWithIdentity  = (*partResource)(nil)
)
