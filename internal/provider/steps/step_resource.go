package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// stepResource manages one step of a connect: the trigger, or one action.
type stepResource struct {
	tfkit.ResourceBase

	kind connectapi.EventKind
}

var (
	_ resource.ResourceWithConfigure      = (*stepResource)(nil)
	_ resource.ResourceWithImportState    = (*stepResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*stepResource)(nil)
	_ resource.ResourceWithValidateConfig = (*stepResource)(nil)
	_ resource.ResourceWithIdentity       = (*stepResource)(nil)
)

// NewTriggerOptionsResource returns the resource appypie_trigger_options.
func NewTriggerOptionsResource() resource.Resource {
	return &stepResource{kind: connectapi.TriggerEvent}
}

// NewActionOptionsResource returns the resource appypie_action_options.
func NewActionOptionsResource() resource.Resource {
	return &stepResource{kind: connectapi.ActionEvent}
}

// Metadata implements resource.Resource.
func (r *stepResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = fmt.Sprintf("%s_%s_options", req.ProviderTypeName, r.kind)
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *stepResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := r.read(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.Step.ValidateConfig(ctx, path.Empty())...)
}

// Create writes the step. There is nothing to make: the step came with the
// connect.
func (r *stepResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	from := tfkit.Creating(req, resp)
	in, ok := r.operation(ctx, from)
	if !ok {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutCreate, &resp.Diagnostics)
	defer cancel()
	result := r.write(ctx, in, &resp.Diagnostics)

	// Nothing was made, so a failed creation leaves nothing to remember, unless
	// it left the connect paused: somebody has to turn that on again.
	if resp.Diagnostics.HasError() && !result.left.TurnOn {
		return
	}
	result.store(ctx, from.Answer, tfkit.Private{})
}

// Read refreshes the managed parts of the step.
func (r *stepResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.read(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Refresh(ctx, &state, state.ConnectID, state.Timeouts, req, resp, func(connect *connectapi.Connect, _ tfkit.Pending) bool {
		server, ok := r.step(connect, state)
		if !ok {
			tfkit.WarnGone(&resp.Diagnostics, "action", fmt.Sprintf("%d of connect %s", state.position(), connect.ID))
			resp.State.RemoveResource(ctx)
			return false
		}
		before := state.Step
		state.Step = before.Refresh(server, tfkit.ReadShown[Shown](ctx, req.Private, &resp.Diagnostics))
		return !state.SameAs(before)
	})
}

// Update writes the step again.
func (r *stepResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	from := tfkit.Updating(req, resp)
	in, ok := r.operation(ctx, from)
	if !ok {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()
	result := r.write(ctx, in, &resp.Diagnostics)

	private := in.Private
	private.Imported = private.Imported && resp.Diagnostics.HasError()
	result.store(ctx, from.Answer, private)
}

// Delete stops managing the step. The API has no way to reset one. A connect
// that a failed apply left paused is turned on again, as it was found.
func (r *stepResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.read(ctx, req.State.Raw, &resp.Diagnostics)
	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !private.Pending.TurnOn {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()

	on := true
	_, err := r.Provider.Client.Apply(ctx, state.ConnectID.ValueString(), nil, connectapi.Change{Enabled: &on})

	switch {
	case err == nil, connectapi.IsNotFound(err):
	case errors.Is(err, connectapi.ErrInvalid):
		tfkit.Warning(&resp.Diagnostics, errcode.LeftOff,
			fmt.Sprintf("An earlier apply paused the connect %s, and the service refuses to turn it on again. %s", state.ConnectID.ValueString(), tfkit.Sentence(err)))
	default:
		AddReferenceError(&resp.Diagnostics, err, "Cannot turn the connect "+state.ConnectID.ValueString()+" on again", nil)
	}
}

// step returns the step that a model means; an action needs its position only
// when the connect has several.
func (r *stepResource) step(connect *connectapi.Connect, model stepModel) (connectapi.Step, bool) {
	if r.kind == connectapi.TriggerEvent {
		return connect.Trigger, true
	}
	position := model.position()
	if position > len(connect.Actions) || model.Position.IsNull() && len(connect.Actions) > 1 {
		return connectapi.Step{}, false
	}
	return connect.Actions[position-1], true
}

// resolve is step with an error that names the actions.
func (r *stepResource) resolve(connect *connectapi.Connect, plan stepModel, diags *diag.Diagnostics) (connectapi.Step, bool) {
	if step, ok := r.step(connect, plan); ok {
		return step, true
	}
	actions := make([]string, len(connect.Actions))
	for i, action := range connect.Actions {
		actions[i] = fmt.Sprintf("%d (action %s of app %s)", i+1, action.EventID, action.AppID)
	}
	code := errcode.StepNotFound
	if plan.Position.IsNull() {
		code = errcode.StepAmbiguous
	}
	tfkit.AttributeError(diags, code, path.Root("position"),
		fmt.Sprintf("Connect %s has %s: %s.", connect.ID, tfkit.Count(len(actions), "action"), strings.Join(actions, ", ")))
	return connectapi.Step{}, false
}
