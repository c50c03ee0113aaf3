package options

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type stepModel struct {
	Step

	ConnectID         types.String   `tfsdk:"connect_id"`
	StepID            types.String   `tfsdk:"step_id"`
	PauseDuringUpdate types.Bool     `tfsdk:"pause_during_update"`
	Revision          types.String   `tfsdk:"revision"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// nullModel is the state before creation.
func nullModel(plan stepModel) stepModel {
	plan.Step = NullStep()
	plan.Revision = types.StringNull()

	return plan
}

// stepWrite is what a step is written from.
type stepWrite struct {
	plan, config stepModel
	// prior is the state; nullModel on creation.
	prior   stepModel
	pending tfkit.Pending
	adopted bool
	create  bool
}

// write carries out the plan and returns what became true, even beside errors.
func (r *stepResource) write(ctx context.Context, in stepWrite, diags *diag.Diagnostics) (stepModel, tfkit.Pending) {
	change, stepID := r.change(ctx, in, diags)
	if diags.HasError() {
		return in.prior, in.pending
	}

	result := in.plan
	result.Step = in.plan.ForState()
	result.StepID = tfkit.StringOrNull(stepID)
	result.Revision = in.prior.Revision

	if in.create || len(change.Steps) > 0 {
		result.Revision = types.StringValue(r.Provider.Now().UTC().Format(time.RFC3339Nano))
	}

	// What the plan could not know may turn out as it was.
	if !in.create && len(change.Steps) == 0 && change.Enabled == nil {
		return result, in.pending
	}

	outcome, err := r.Provider.Client.Apply(ctx, in.plan.ConnectID.ValueString(), nil, change)
	if err == nil {
		if r.kind == connectapi.TriggerEvent {
			result.StepID = types.StringValue(outcome.Connect.Trigger.ID)
		}

		return result, tfkit.Pending{}
	}

	AddReferenceError(diags, err, fmt.Sprintf("Cannot configure the %s of connect %s", r.kind, in.plan.ConnectID.ValueString()), []path.Path{path.Empty()})

	if len(outcome.Edited) == 0 || !outcome.Edited[0] {
		result.Step, result.Revision = in.prior.ForState(), in.prior.Revision
	}

	return result, tfkit.Pending{TurnOn: in.pending.TurnOn || outcome.Paused}
}

// change turns the plan into a change, and returns the id of the step as far
// as it is known. It is strict: what is not known is an error.
func (r *stepResource) change(ctx context.Context, in stepWrite, diags *diag.Diagnostics) (connectapi.Change, string) {
	result := connectapi.Change{Pause: in.plan.PauseDuringUpdate.ValueBool()}

	step, managed, stepDiags := in.plan.Change(Request{Prior: in.prior.Step, Secrets: in.config.SecretOptionsWO, At: path.Empty(), Adopted: in.adopted})
	if diags.Append(stepDiags...); diags.HasError() {
		return result, ""
	}

	step.Kind, step.StepID = r.kind, in.plan.StepID.ValueString()
	if step.StepID == "" && r.kind == connectapi.ActionEvent {
		if step.StepID = r.soleAction(ctx, in.plan, diags); diags.HasError() {
			return result, ""
		}
	}

	if managed && (in.create || !in.plan.SameAs(in.prior.Step)) {
		result.Steps = []connectapi.StepChange{step}
	}

	if in.pending.TurnOn {
		on := true
		result.Enabled = &on
	}

	return result, step.StepID
}

// soleAction returns the step id of the connect's only action.
func (r *stepResource) soleAction(ctx context.Context, plan stepModel, diags *diag.Diagnostics) string {
	connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())
	if err != nil {
		summary := "Cannot read the connect " + plan.ConnectID.ValueString()

		if connectapi.IsNotFound(err) {
			tfkit.AddAttributeError(diags, path.Root("connect_id"), summary, err)
		} else {
			tfkit.AddError(diags, summary, err)
		}

		return ""
	}

	step, _ := r.resolve(connect, plan, diags)

	return step.ID
}
