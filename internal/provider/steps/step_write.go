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

// stepWrite is what a step is written from.
type stepWrite struct {
	plan, config stepModel
	// prior is the state; nullModel on creation.
	prior   stepModel
	pending tfkit.Pending
	// shown is what the service showed after the last write.
	shown  Shown
	create bool
}

// stepResult is what became true, also with an error.
type stepResult struct {
	model stepModel
	left  tfkit.Pending
	shown Shown
}

// write carries out the plan and returns what became true, even with errors.
func (r *stepResource) write(ctx context.Context, in stepWrite, diags *diag.Diagnostics) stepResult {
	change := r.change(ctx, in, diags)
	if diags.HasError() {
		return stepResult{in.prior, in.pending, in.shown}
	}
	result := stepResult{model: in.plan, shown: in.shown}
	result.model.Step = in.plan.ForState()
	result.model.Revision = in.prior.Revision
	if in.create || len(change.Steps) > 0 {
		result.model.Revision = types.StringValue(strconv.FormatInt(r.Provider.Now().UnixNano(), revisionBase))
	}

	// What the plan could not know may turn out as it was.
	if !in.create && len(change.Steps) == 0 && change.Enabled == nil {
		result.left = in.pending
		return result
	}
	id := in.plan.ConnectID.ValueString()
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
		result.model.Step, result.model.Revision = in.prior.ForState(), in.prior.Revision
	}
	result.left = tfkit.Pending{TurnOn: in.pending.TurnOn || outcome.Paused}
	return result
}

// written completes the result of a change that succeeded; before is the connect
// as it was.
func (r *stepResource) written(result stepResult, in stepWrite, before, connect *connectapi.Connect, wrote bool) stepResult {
	if server, ok := r.step(connect, in.plan); ok && wrote {
		prior := in.prior.Step
		if was, found := r.step(before, in.plan); in.create && found {
			prior, _ = Adopt(was)
		}
		result.shown = in.plan.Remember(server, prior, in.shown)
	}
	return result
}

// change turns the plan into a change. It is strict: what is not known is an
// error.
func (r *stepResource) change(ctx context.Context, in stepWrite, diags *diag.Diagnostics) connectapi.Change {
	result := connectapi.Change{Pause: in.plan.PauseDuringUpdate.ValueBool()}
	if in.plan.Position.IsUnknown() {
		diags.Append(unresolved(path.Root("position")))
	}
	step, managed, stepDiags := in.plan.Change(Request{Prior: in.prior.Step, Secrets: in.config.SecretsWO, At: path.Empty()})
	if diags.Append(stepDiags...); diags.HasError() {
		return result
	}
	if r.kind == connectapi.ActionEvent && in.plan.Position.IsNull() {
		if r.checkSole(ctx, in.plan, diags); diags.HasError() {
			return result
		}
	}
	step.Kind, step.Position = r.kind, in.plan.position()-1
	if managed && (in.create || r.writes(ctx, in.plan, in.config, in.prior)) {
		result.Steps = []connectapi.StepChange{step}
	}
	if in.pending.TurnOn {
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
