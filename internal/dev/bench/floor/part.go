package floor

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/connect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// partResource is one of the resources that share a connect in the form of four.
type partResource struct {
	// Resource is the real one, of which the name and the schema are used.
	resource.Resource

	client *client
	// write makes the writes of a creation, or of an update when there is a state.
	write func(ctx context.Context, c *client, plan, state map[string]tftypes.Value) (wireConnect, error)
	// remove makes those of a deletion; nil makes none.
	remove func(ctx context.Context, c *client, id string) error
	// step finds the step in the connect; nil for the activation.
	step func(held wireConnect) wireStep
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *partResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	if identified, ok := r.Resource.(resource.ResourceWithIdentity); ok {
		identified.IdentitySchema(ctx, req, resp)
	}
}

// Configure implements resource.ResourceWithConfigure.
func (r *partResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*client)
}

// Create writes the part.
func (r *partResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := members(req.Plan.Raw)
	held, err := r.write(ctx, r.client, plan, nil)
	if err != nil {
		resp.Diagnostics.AddError("Cannot create", err.Error())
		return
	}
	store(ctx, &resp.State, resp.Identity, req.Plan.Raw.Type(), r.written(plan, held))
}

// Read answers from the listing.
func (r *partResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	all, err := r.client.list(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Cannot list", err.Error())
		return
	}
	state := members(req.State.Raw)
	held, ok := all[text(state["connect_id"])]
	if !ok {
		resp.State.RemoveResource(ctx)
		return
	}
	if r.step == nil {
		state = computed(state, held)
		state["enabled"] = tftypes.NewValue(tftypes.Bool, held.Status == statusOn)
	} else {
		state = refreshedAttributes(state, r.step(held))
	}
	store(ctx, &resp.State, resp.Identity, req.State.Raw.Type(), state)
}

// Update writes the part again.
func (r *partResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := members(req.Plan.Raw)
	held, err := r.write(ctx, r.client, plan, members(req.State.Raw))
	if err != nil {
		resp.Diagnostics.AddError("Cannot update", err.Error())
		return
	}
	store(ctx, &resp.State, resp.Identity, req.Plan.Raw.Type(), r.written(plan, held))
}

// Delete leaves a step as it is, because the API has no way to reset one.
func (r *partResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if r.remove == nil {
		return
	}
	if err := r.remove(ctx, r.client, text(members(req.State.Raw)["connect_id"])); err != nil {
		resp.Diagnostics.AddError("Cannot delete", err.Error())
	}
}

// written is the plan with what the service and this write decide.
func (r *partResource) written(plan map[string]tftypes.Value, held wireConnect) map[string]tftypes.Value {
	if r.step == nil {
		return computed(plan, held)
	}
	plan["revision"] = known(time.Now().UTC().Format(time.RFC3339Nano))
	return plan
}

// parts are the resources beside appypie_connect.
func parts() []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource {
			return &partResource{
				Resource: steps.NewTriggerOptionsResource(),
				write: writeStep(func(_ context.Context, _ *client, id string) (string, error) {
					return "/connect/trigger-options/" + id, nil
				}),
				step: func(held wireConnect) wireStep { return held.Trigger },
			}
		},
		func() resource.Resource {
			return &partResource{
				Resource: steps.NewActionOptionsResource(),
				write: writeStep(func(ctx context.Context, c *client, id string) (string, error) {
					step, err := c.soleAction(ctx, id)
					return "/connect/action-options/" + id + "/" + step, err
				}),
				step: func(held wireConnect) wireStep { return held.Actions[0] },
			}
		},
		func() resource.Resource {
			return &partResource{
				Resource: connect.NewActivationResource(),
				write: func(ctx context.Context, c *client, plan, state map[string]tftypes.Value) (wireConnect, error) {
					if state != nil {
						// New revisions alone move no switch.
						return wireConnect{Status: text(state["status"])}, nil
					}
					return c.write(ctx, http.MethodPut, "/connect/turn-on/"+text(plan["connect_id"]), nil)
				},
				remove: func(ctx context.Context, c *client, id string) error {
					_, err := c.write(ctx, http.MethodPut, "/connect/turn-off/"+id, nil)
					return err
				},
			}
		},
	}
}

// writeStep returns the writes of a step, whose path it is given. A connect that
// is on is turned off meanwhile.
func writeStep(path func(ctx context.Context, c *client, id string) (string, error)) func(context.Context, *client, map[string]tftypes.Value, map[string]tftypes.Value) (wireConnect, error) {
	return func(ctx context.Context, c *client, plan, state map[string]tftypes.Value) (wireConnect, error) {
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
