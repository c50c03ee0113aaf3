package steps

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// revisionBase keeps a revision short: it is stored here, and again in the
// activation.
const revisionBase = 36

// stepResult is what became true, also with an error.
type stepResult struct {
	model stepModel
	left  tfkit.Pending
	shown Shown
}

// store writes state and private state. Secrets stay out.
func (s stepResult) store(ctx context.Context, answer tfkit.Answer, private tfkit.Private) {
	private.Pending = s.left
	answer.Note(ctx, private, s.shown, len(s.shown) > 0)
	s.model.Step = s.model.ForState()
	answer.Publish(ctx, &s.model)
}

// write carries out the plan and returns what became true, even with errors.
func (r *stepResource) write(ctx context.Context, in operation, diags *diag.Diagnostics) stepResult {
	change := r.change(ctx, in, diags)
	if diags.HasError() {
		return stepResult{in.Prior, in.Private.Pending, in.Shown}
	}
	result := stepResult{model: in.Plan, shown: in.Shown}
	result.model.Step = in.Plan.ForState()
	result.model.Revision = in.Prior.Revision
	if in.Create || len(change.Steps) > 0 {
		result.model.Revision = types.StringValue(strconv.FormatInt(r.Provider.Now().UnixNano(), revisionBase))
	}

	// What the plan could not know may turn out as it was.
	if !in.Create && len(change.Steps) == 0 && change.Enabled == nil {
		result.left = in.Private.Pending
		return result
	}
	id := in.Plan.ConnectID.ValueString()
	outcome, err := r.Provider.Client.Apply(ctx, id, nil, change)
	connect := outcome.Connect
	if refused := TurnOnRefused(err); refused || leftOffByAnother(err) {
		// Somebody else turns it on: this resource only wrote.
		if connect, _ = r.Provider.Client.Connect(ctx, id); connect != nil {
			if refused {
				WarnLeftOff(diags, id, err)
			} else {
				warnLeftOffByAnother(diags, id, err)
			}
			result.left, err = tfkit.Pending{TurnOn: refused}, nil
		}
	}
	if err == nil {
		return r.written(result, in, outcome.Before, connect, len(change.Steps) > 0)
	}

	AddReferenceError(diags, err, fmt.Sprintf("Cannot configure the %s of connect %s", r.kind, id), []path.Path{path.Empty()})
	if len(outcome.Edited) == 0 || !outcome.Edited[0] {
		result.model.Step, result.model.Revision = in.Prior.ForState(), in.Prior.Revision
	}
	result.left = tfkit.Pending{TurnOn: in.Private.Pending.TurnOn || outcome.Paused}
	return result
}

// written completes the result of a change that succeeded; before is the connect
// as it was.
func (r *stepResource) written(result stepResult, in operation, before, connect *connectapi.Connect, wrote bool) stepResult {
	if server, ok := r.step(connect, in.Plan); ok && wrote {
		prior := in.Prior.Step
		if was, found := r.step(before, in.Plan); in.Create && found {
			prior, _ = FromAPI(was)
		}
		result.shown = in.Plan.Remember(server, prior, in.Shown)
	}
	return result
}

// change turns the plan into a change. It is strict: what is not known is an
// error.
func (r *stepResource) change(ctx context.Context, in operation, diags *diag.Diagnostics) connectapi.Change {
	result := connectapi.Change{Pause: in.Plan.PauseDuringUpdate.ValueBool()}
	if in.Plan.Position.IsUnknown() {
		diags.Append(unresolved(path.Root("position")))
	}
	step, managed, stepDiags := in.Plan.Change(Request{Prior: in.Prior.Step, Secrets: in.Config.SecretsWO, At: path.Empty()})
	if diags.Append(stepDiags...); diags.HasError() {
		return result
	}
	if r.kind == connectapi.ActionEvent && in.Plan.Position.IsNull() {
		if r.checkSole(ctx, in.Plan, diags); diags.HasError() {
			return result
		}
	}
	step.Kind, step.Position = r.kind, in.Plan.position()-1
	if managed && (in.Create || r.writes(ctx, in)) {
		result.Steps = []connectapi.StepChange{step}
	}
	if in.Private.Pending.TurnOn {
		result.Enabled = new(true)
	}
	return result
}

// checkSole refuses a connect with several actions where no position says which
// one is meant.
func (r *stepResource) checkSole(ctx context.Context, plan stepModel, diags *diag.Diagnostics) {
	connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())
	if err == nil {
		r.resolve(connect, plan, diags)
		return
	}
	summary := "Cannot read the connect " + plan.ConnectID.ValueString()
	if connectapi.IsNotFound(err) {
		tfkit.AddAttributeError(diags, path.Root("connect_id"), summary, err)
	} else {
		tfkit.AddError(diags, summary, err)
	}
}
