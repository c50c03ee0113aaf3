package connect

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/options"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// intent is a plan turned into an ordered change, with what is needed to tell
// afterwards which part of the plan became true.
type intent struct {
	change connectapi.Change
	// paths says where each step of the change stands in the configuration.
	paths []path.Path
}

// intentInput is what a plan is turned into a change from.
type intentInput struct {
	plan, config connectModel
	// prior is the state; on creation a model that manages nothing.
	prior   connectModel
	pending tfkit.Pending
	adopted bool
	create  bool
}

// intent is strict: anything that is not known is an error with its path,
// before any call is made.
func (in intentInput) intent(diags *diag.Diagnostics) intent {
	var result intent

	plan, config, prior := in.plan.inline(), in.config.inline(), in.prior.inline()
	if plan.partial {
		tfkit.Error(diags, problem.ValueUnknown, "Value is not known", "trigger or actions is still unknown although the connect is being applied, so nothing was sent. Please report this with the configuration.")
	}

	add := func(step, before, withSecrets options.Step, kind connectapi.EventKind, position int, at path.Path) {
		change, ok, stepDiags := step.Change(options.Request{Prior: before, Secrets: withSecrets.SecretOptionsWO, At: at, Adopted: in.adopted})
		diags.Append(stepDiags...)

		if !ok || !in.create && step.SameAs(before) {
			return
		}

		change.Kind, change.Position = kind, position
		result.change.Steps = append(result.change.Steps, change)
		result.paths = append(result.paths, at)
	}

	if plan.trigger != nil {
		add(*plan.trigger, prior.triggerStep(), config.triggerStep(), connectapi.TriggerEvent, 0, triggerPath())
	}

	for i, step := range plan.actions {
		add(step, prior.action(i), config.action(i), connectapi.ActionEvent, i, actionPath(i))
	}

	result.change.Pause = in.plan.PauseDuringUpdate.ValueBool()
	result.change.Test = in.wantsTest(len(result.change.Steps) > 0)
	result.change.Enabled = in.wantedSwitch()

	if !in.create && !in.plan.Name.Equal(in.prior.Name) {
		result.change.Name = in.plan.Name.ValueString()
	}

	return result
}

// wantsTest: a test follows what was written, or its being asked for. After an
// import run_test is only a statement of what later changes shall do.
func (in intentInput) wantsTest(writes bool) bool {
	return in.plan.RunTest.ValueBool() && (in.create || writes || !in.prior.RunTest.ValueBool() && !in.adopted || in.pending.Test)
}

// wantedSwitch is nil while the switch is not managed, unless an earlier apply
// paused the connect and owes it to turn it on again.
func (in intentInput) wantedSwitch() *bool {
	if in.config.Enabled.IsNull() {
		if in.pending.TurnOn {
			on := true

			return &on
		}

		return nil
	}

	return in.plan.Enabled.ValueBoolPointer()
}

// achieved is the state after a change that stopped half-way: what the plan
// said where it became true, and what was there before where it did not.
func (in intentInput) achieved(done intent, outcome connectapi.Outcome) connectModel {
	result := in.plan
	result.Name = in.prior.Name

	if outcome.Renamed || in.create {
		result.Name = in.plan.Name
	}

	result.Enabled = types.BoolValue(outcome.On)
	result.Status, result.Steps, result.CreatedAt, result.UpdatedAt = in.prior.Status, in.prior.Steps, in.prior.CreatedAt, in.prior.UpdatedAt

	parts, prior := in.plan.inline(), in.prior.inline()
	failed := map[string]bool{}

	for i, at := range done.paths {
		failed[at.String()] = i >= len(outcome.Edited) || !outcome.Edited[i]
	}

	if parts.trigger != nil && failed[triggerPath().String()] {
		parts.trigger = prior.trigger
	}

	for i := range parts.actions {
		if failed[actionPath(i).String()] {
			parts.actions[i] = prior.action(i)
		}
	}

	parts.store(&result)

	return result
}
