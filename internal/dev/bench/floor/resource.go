package floor

import (
	"context"
	"net/http"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/connect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// plainResource handles raw values: no model, no reflection.
type plainResource struct {
	// Resource is the real one, of which the name and the schema are used, so that
	// the two cannot differ.
	resource.Resource

	client *client
	// id is the attribute that names the connect.
	id string
	// without are names of groups that the schema lacks.
	without []string
	// write makes the writes of a creation, or of an update when there is a state.
	write func(ctx context.Context, c *client, plan, state values) (wireConnect, error)
	// refresh sets what a person could have changed.
	refresh func(state values, held wireConnect)
	// remove makes the writes of a deletion; nil makes none, because the API has no
	// way to reset a step.
	remove func(ctx context.Context, c *client, state values) error
}

// identifiedResource adds the identity of the real resource.
type identifiedResource struct{ *plainResource }

// copied is a resource that can be configured: calls at the same time have one each.
func (r *plainResource) copied() *plainResource {
	one := *r
	return &one
}

func (r *plainResource) identified() resource.Resource { return identifiedResource{r.copied()} }

// IdentitySchema implements resource.ResourceWithIdentity.
func (r identifiedResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	if identified, ok := r.Resource.(resource.ResourceWithIdentity); ok {
		identified.IdentitySchema(ctx, req, resp)
	}
}

// Schema is that of the real resource less the groups.
func (r *plainResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.Resource.Schema(ctx, req, resp)
	for _, group := range Groups() {
		if !slices.Contains(r.without, group.Name) {
			continue
		}
		for _, name := range group.attributes {
			delete(resp.Schema.Attributes, name)
		}
		for _, name := range group.stepAttributes {
			if trigger, ok := resp.Schema.Attributes["trigger"].(schema.SingleNestedAttribute); ok {
				delete(trigger.Attributes, name)
			}
			if actions, ok := resp.Schema.Attributes["actions"].(schema.ListNestedAttribute); ok {
				delete(actions.NestedObject.Attributes, name)
			}
		}
	}
}

// Configure implements resource.ResourceWithConfigure.
func (r *plainResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*client)
}

// Create makes the writes of a creation.
func (r *plainResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := members(req.Plan.Raw)
	held, err := r.write(ctx, r.client, plan, nil)
	if err != nil {
		resp.Diagnostics.AddError("Cannot create", err.Error())
		return
	}
	plan.computed(held)
	store(ctx, &resp.State, resp.Identity, plan)
}

// Read answers from the listing.
func (r *plainResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	all, err := r.client.list(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Cannot list", err.Error())
		return
	}
	state := members(req.State.Raw)
	held, ok := all[text(state[r.id])]
	if !ok {
		resp.State.RemoveResource(ctx)
		return
	}
	r.refresh(state, held)
	store(ctx, &resp.State, resp.Identity, state)
}

// Update makes the writes of an update.
func (r *plainResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := members(req.Plan.Raw)
	held, err := r.write(ctx, r.client, plan, members(req.State.Raw))
	if err != nil {
		resp.Diagnostics.AddError("Cannot update", err.Error())
		return
	}
	plan.computed(held)
	store(ctx, &resp.State, resp.Identity, plan)
}

// Delete makes the writes of a deletion.
func (r *plainResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if r.remove == nil {
		return
	}
	if err := r.remove(ctx, r.client, members(req.State.Raw)); err != nil {
		resp.Diagnostics.AddError("Cannot delete", err.Error())
	}
}

// store publishes state and identity, whose attributes the state has too.
func store(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, all values) {
	state.Raw = tftypes.NewValue(state.Schema.Type().TerraformType(ctx), map[string]tftypes.Value(all))
	if identity == nil {
		return
	}
	attributes := map[string]tftypes.Value{}
	for name := range identity.Schema.GetAttributes() {
		attributes[name] = all[name]
	}
	identity.Raw = tftypes.NewValue(identity.Schema.Type().TerraformType(ctx), attributes)
}

// resources are those of the provider, the connect without groups of its schema.
func resources(without []string) []func() resource.Resource {
	whole := &plainResource{
		Resource: connect.NewConnectResource(), id: "id", without: without,
		write: writeConnect, refresh: refreshConnect,
		// Deleting turns the connect off, unless another resource did.
		remove: func(ctx context.Context, c *client, state values) (err error) {
			if as[bool](state["enabled"]) {
				_, err = c.write(ctx, http.MethodPut, "/connect/turn-off/"+text(state["id"]), nil)
			}
			if err == nil {
				_, err = c.write(ctx, http.MethodDelete, "/connect/"+text(state["id"]), nil)
			}
			return err
		},
	}
	list := []func() resource.Resource{whole.identified}
	if slices.Contains(without, GroupIdentity) {
		list = []func() resource.Resource{func() resource.Resource { return whole.copied() }}
	}
	for _, part := range []*plainResource{
		{
			Resource: steps.NewTriggerOptionsResource(),
			write: writeStep(func(_ context.Context, _ *client, id string) (string, error) {
				return "/connect/trigger-options/" + id, nil
			}),
			refresh: func(state values, held wireConnect) { state.refresh(held.Trigger) },
		},
		{
			Resource: steps.NewActionOptionsResource(),
			write: writeStep(func(ctx context.Context, c *client, id string) (string, error) {
				step, err := c.soleAction(ctx, id)
				return "/connect/action-options/" + id + "/" + step, err
			}),
			refresh: func(state values, held wireConnect) { state.refresh(held.Actions[0]) },
		},
		{
			Resource: connect.NewActivationResource(),
			write: func(ctx context.Context, c *client, plan, state values) (wireConnect, error) {
				if state != nil {
					// New revisions alone move no switch.
					return wireConnect{Status: text(state["status"])}, nil
				}
				return c.write(ctx, http.MethodPut, "/connect/turn-on/"+text(plan["connect_id"]), nil)
			},
			refresh: func(state values, held wireConnect) {
				state.computed(held)
				state["enabled"] = tftypes.NewValue(tftypes.Bool, held.Status == statusOn)
			},
			remove: func(ctx context.Context, c *client, state values) error {
				_, err := c.write(ctx, http.MethodPut, "/connect/turn-off/"+text(state["connect_id"]), nil)
				return err
			},
		},
	} {
		part.id = "connect_id"
		list = append(list, part.identified)
	}
	return list
}

// writeConnect makes the connect or turns it off, edits the steps that differ from
// the state and turns it on.
func writeConnect(ctx context.Context, c *client, plan, state values) (wireConnect, error) {
	var held wireConnect
	var err error
	if state != nil {
		held, err = c.write(ctx, http.MethodPut, "/connect/turn-off/"+text(state["id"]), nil)
	} else {
		held, err = c.write(ctx, http.MethodPost, "/connect/popular-match/"+text(plan["popular_match_id"]), map[string]string{"name": text(plan["name"])})
		c.made.Store(held.ID, held.Actions)
	}
	if trigger := plan["trigger"]; err == nil && !trigger.IsNull() && !trigger.Equal(state["trigger"]) {
		held, err = c.write(ctx, http.MethodPut, "/connect/trigger-options/"+held.ID, edit(members(trigger)))
	}
	before := elements(state["actions"])
	for i, action := range elements(plan["actions"]) {
		if err == nil && (i >= len(before) || !action.Equal(before[i])) {
			held, err = c.write(ctx, http.MethodPut, "/connect/action-options/"+held.ID+"/"+held.Actions[i].StepID, edit(members(action)))
		}
	}
	if err != nil || !as[bool](plan["enabled"]) {
		return held, err
	}
	return c.write(ctx, http.MethodPut, "/connect/turn-on/"+held.ID, nil)
}

// writeStep returns the writes of a step, whose path it is given. A connect that
// is on is turned off meanwhile.
func writeStep(path func(ctx context.Context, c *client, id string) (string, error)) func(context.Context, *client, values, values) (wireConnect, error) {
	return func(ctx context.Context, c *client, plan, state values) (wireConnect, error) {
		id := text(plan["connect_id"])
		at, err := path(ctx, c, id)
		if err != nil {
			return wireConnect{}, err
		}
		if state == nil {
			return c.write(ctx, http.MethodPut, at, edit(plan))
		}
		// While one step is written, the other must not turn the connect on.
		unlock := c.lock(id)
		defer unlock()
		held, err := c.write(ctx, http.MethodPut, "/connect/turn-off/"+id, nil)
		if err == nil {
			_, err = c.write(ctx, http.MethodPut, at, edit(plan))
		}
		if err == nil {
			held, err = c.write(ctx, http.MethodPut, "/connect/turn-on/"+id, nil)
		}
		return held, err
	}
}
