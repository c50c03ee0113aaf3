package options

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
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

	ctx, cancel := tfkit.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	prior := nullModel(plan)
	result, _ := r.write(ctx, plan, config, prior, tfkit.Pending{}, false, &resp.Diagnostics)

	// Nothing was made, so a failed creation leaves nothing to remember.
	if resp.Diagnostics.HasError() {
		return
	}

	r.publish(ctx, result, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Read refreshes the managed parts of the step.
func (r *stepResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state stepModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()

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

	state.Step = state.Step.Refresh(server)
	r.publish(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update writes the step again.
func (r *stepResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state stepModel

	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	pending := tfkit.ReadPending(ctx, req.Private, &resp.Diagnostics)
	adopted := tfkit.IsAdopted(ctx, req.Private, &resp.Diagnostics)

	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()

	result, left := r.write(ctx, plan, config, state, pending, adopted, &resp.Diagnostics)

	tfkit.WritePending(ctx, resp.Private, left, &resp.Diagnostics)

	if !resp.Diagnostics.HasError() {
		tfkit.ClearAdopted(ctx, resp.Private, &resp.Diagnostics)
	}

	r.publish(ctx, result, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Delete stops managing the step. The API has no way to reset one.
func (r *stepResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// write carries out the plan and returns what became true, even beside errors.
func (r *stepResource) write(ctx context.Context, plan, config, prior stepModel, pending tfkit.Pending, adopted bool, diags *diag.Diagnostics) (stepModel, tfkit.Pending) {
	step, changed, stepDiags := plan.Step.Change(ctx, Request{Prior: prior.Step, Secrets: config.SecretOptionsWO, At: path.Empty(), Adopted: adopted})
	if diags.Append(stepDiags...); diags.HasError() {
		return prior, pending
	}

	step.Kind, step.StepID = r.kind, plan.StepID.ValueString()
	if step.StepID == "" && r.kind == connectapi.ActionEvent {
		if step.StepID = r.soleAction(ctx, plan, diags); diags.HasError() {
			return prior, pending
		}
	}

	change := connectapi.Change{Pause: plan.PauseDuringUpdate.ValueBool()}

	if changed && !plan.Step.SameAs(prior.Step) {
		change.Steps = []connectapi.StepChange{step}
	}

	if pending.TurnOn {
		on := true
		change.Enabled = &on
	}

	result := plan
	result.Step = plan.Step.ForState()

	if len(change.Steps) == 0 && change.Enabled == nil && !plan.StepID.IsUnknown() {
		return result, pending
	}

	outcome, err := r.Provider.Client.Apply(ctx, plan.ConnectID.ValueString(), nil, change)
	result.Revision = types.StringValue(r.Provider.Now().UTC().Format(time.RFC3339Nano))

	if err == nil {
		result.StepID = types.StringValue(step.StepID)
		if r.kind == connectapi.TriggerEvent {
			result.StepID = types.StringValue(outcome.Connect.Trigger.ID)
		}

		return result, tfkit.Pending{}
	}

	AddChangeError(diags, err, fmt.Sprintf("Cannot configure the %s of connect %s", r.kind, plan.ConnectID.ValueString()), []path.Path{path.Empty()})

	if len(outcome.Edited) == 0 || !outcome.Edited[0] {
		result.Step, result.Revision = prior.Step, prior.Revision
	}

	return result, tfkit.Pending{TurnOn: pending.TurnOn || outcome.Paused}
}

// soleAction returns the step id of the connect's only action.
func (r *stepResource) soleAction(ctx context.Context, plan stepModel, diags *diag.Diagnostics) string {
	connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())
	if err != nil {
		tfkit.AddAttributeError(diags, path.Root("connect_id"), "Cannot read the connect "+plan.ConnectID.ValueString(), err)

		return ""
	}

	step, _ := r.resolve(connect, plan, diags)

	return step.ID
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

	summary := "No such action"
	if plan.StepID.ValueString() == "" {
		summary = "Which action?"
	}

	diags.AddAttributeError(path.Root("step_id"), summary,
		fmt.Sprintf("Connect %s has %d actions. Set step_id to one of: %s.", connect.ID, len(ids), strings.Join(ids, ", ")))

	return connectapi.Step{}, false
}

func (r *stepResource) publish(ctx context.Context, model stepModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, &model)...)

	if identity == nil || diags.HasError() {
		return
	}

	diags.Append(identity.SetAttribute(ctx, path.Root("connect_id"), model.ConnectID)...)

	if r.kind == connectapi.ActionEvent {
		diags.Append(identity.SetAttribute(ctx, path.Root("step_id"), model.StepID)...)
	}
}

// nullModel is the state before creation.
func nullModel(plan stepModel) stepModel {
	plan.Step = NullStep()
	plan.Revision = types.StringNull()

	return plan
}

type stepModel struct {
	Step

	ConnectID         types.String   `tfsdk:"connect_id"`
	StepID            types.String   `tfsdk:"step_id"`
	PauseDuringUpdate types.Bool     `tfsdk:"pause_during_update"`
	Revision          types.String   `tfsdk:"revision"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}
