package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	var config stepModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.Step.ValidateConfig(ctx, path.Empty())...)
}

// Create writes the step. There is nothing to make: the step came with the
// connect.
func (r *stepResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config stepModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, plan.Timeouts, tfkit.TimeoutCreate, &resp.Diagnostics)
	defer cancel()
	result := r.write(ctx, stepWrite{plan: plan, config: config, prior: nullModel(plan), create: true}, &resp.Diagnostics)

	// Nothing was made, so a failed creation leaves nothing to remember, unless
	// it left the connect paused: somebody has to turn that on again.
	if resp.Diagnostics.HasError() && !result.left.TurnOn {
		return
	}
	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Pending: result.left}, &resp.Diagnostics)
	tfkit.WriteShown(ctx, resp.Private, result.shown, len(result.shown) > 0, &resp.Diagnostics)
	r.publish(ctx, result.model, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Read refreshes the managed parts of the step.
func (r *stepResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state stepModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts, tfkit.TimeoutRead, &resp.Diagnostics)
	defer cancel()
	r.identify(ctx, &state, resp.Identity, &resp.Diagnostics)
	connect := r.ReadConnect(ctx, state.ConnectID.ValueString(), resp)
	if connect == nil {
		return
	}
	server, ok := r.find(connect, state.StepID.ValueString())
	if !ok {
		tfkit.WarnGone(&resp.Diagnostics, "step", state.StepID.ValueString())
		resp.State.RemoveResource(ctx)
		return
	}

	state.Step = state.Step.Refresh(server, tfkit.ReadShown[Shown](ctx, req.Private, &resp.Diagnostics))
	if private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics); private.Pending.TurnOn && connect.On {
		private.Pending.TurnOn = false
		tfkit.WritePrivate(ctx, resp.Private, private, &resp.Diagnostics)
	}
	r.publish(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update writes the step again.
func (r *stepResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state stepModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	shown := tfkit.ReadShown[Shown](ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, plan.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()

	result := r.write(ctx, stepWrite{plan: plan, config: config, prior: state, pending: private.Pending, shown: shown}, &resp.Diagnostics)
	private.Pending = result.left
	private.Imported = private.Imported && resp.Diagnostics.HasError()
	tfkit.WritePrivate(ctx, resp.Private, private, &resp.Diagnostics)
	tfkit.WriteShown(ctx, resp.Private, result.shown, len(result.shown) > 0, &resp.Diagnostics)
	r.publish(ctx, result.model, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Delete stops managing the step. The API has no way to reset one. A connect
// that a failed apply left paused is turned on again, as it was found.
func (r *stepResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state stepModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
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

// find returns the step that the state names.
func (r *stepResource) find(connect *connectapi.Connect, stepID string) (connectapi.Step, bool) {
	if r.kind == connectapi.TriggerEvent {
		return connect.Trigger, true
	}
	for _, action := range connect.Actions {
		if action.ID == stepID {
			return action, true
		}
	}
	return connectapi.Step{}, false
}

// resolve returns the step that the plan means; an action needs its step_id
// only when the connect has several.
func (r *stepResource) resolve(connect *connectapi.Connect, plan stepModel, diags *diag.Diagnostics) (connectapi.Step, bool) {
	if r.kind == connectapi.ActionEvent && plan.StepID.ValueString() == "" && len(connect.Actions) == 1 {
		return connect.Actions[0], true
	}
	if step, ok := r.find(connect, plan.StepID.ValueString()); ok {
		return step, true
	}
	ids := make([]string, len(connect.Actions))
	for i, action := range connect.Actions {
		ids[i] = fmt.Sprintf("%s (action %s of app %s)", action.ID, action.EventID, action.AppID)
	}
	code := errcode.StepNotFound
	if plan.StepID.ValueString() == "" {
		code = errcode.StepAmbiguous
	}
	tfkit.AttributeError(diags, code, path.Root("step_id"),
		fmt.Sprintf("Connect %s has %s: %s.", connect.ID, tfkit.Count(len(ids), "action"), strings.Join(ids, ", ")))
	return connectapi.Step{}, false
}

func (r *stepResource) publish(ctx context.Context, model stepModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, &model)...)
	r.identify(ctx, &model, identity, diags)
}

func (r *stepResource) identify(ctx context.Context, model *stepModel, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	values := map[string]types.String{"connect_id": model.ConnectID}
	if r.kind == connectapi.ActionEvent {
		values["step_id"] = model.StepID
	}
	tfkit.SetIdentity(ctx, identity, diags, values)
}
