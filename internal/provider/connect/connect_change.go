package connect

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
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
	private tfkit.Private
	shown   shown
	create  bool
	// server reads what the service has, nil when that cannot be read. It is asked
	// only for what the state does not know.
	server func() *connectapi.Connect
}

// writesTrigger and writesAction report whether a step has to be written.
func (in intentInput) writesTrigger() bool {
	return in.writes(in.plan.inline().triggerStep(), in.config.inline().triggerStep(), in.prior.inline().triggerStep(),
		func(c *connectapi.Connect) *connectapi.Step { return &c.Trigger })
}

func (in intentInput) writesAction(i int) bool {
	return in.writes(in.plan.inline().action(i), in.config.inline().action(i), in.prior.inline().action(i), func(c *connectapi.Connect) *connectapi.Step {
		if i < len(c.Actions) {
			return &c.Actions[i]
		}
		return nil
	})
}

func (in intentInput) writes(step, config, prior steps.Step, part func(*connectapi.Connect) *connectapi.Step) bool {
	step.SecretsWO = config.SecretsWO
	return in.create || step.Writes(prior, func() *connectapi.Step {
		if connect := in.server(); connect != nil {
			return part(connect)
		}
		return nil
	})
}

// toChange is strict: anything that is not known is an error with its path,
// before any call is made.
func (in intentInput) toChange(diags *diag.Diagnostics) intent {
	var result intent
	plan, config, prior := in.plan.inline(), in.config.inline(), in.prior.inline()
	if plan.partial {
		tfkit.Error(diags, errcode.ValueUnknown, "trigger or actions is unknown although the connect is being applied, so nothing was sent.")
	}

	add := func(step, before, withSecrets steps.Step, kind connectapi.EventKind, position int, at path.Path) {
		change, ok, stepDiags := step.Change(steps.Request{Prior: before, Secrets: withSecrets.SecretsWO, At: at})
		diags.Append(stepDiags...)
		if !ok || kind == connectapi.TriggerEvent && !in.writesTrigger() || kind == connectapi.ActionEvent && !in.writesAction(position) {
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
// import run_test is only a statement of what later changes do.
func (in intentInput) wantsTest(writes bool) bool {
	return in.plan.RunTest.ValueBool() && (in.create || writes || !in.prior.RunTest.ValueBool() && !in.private.Imported || in.private.Pending.Test)
}

// wantedSwitch is nil while the switch is not managed, unless an earlier apply
// paused the connect and owes it to turn it on again.
func (in intentInput) wantedSwitch() *bool {
	if in.config.Enabled.IsNull() {
		if in.private.Pending.TurnOn {
			return new(true)
		}
		return nil
	}
	return in.plan.Enabled.ValueBoolPointer()
}

// achieved is the state after a change that stopped half-way: what the plan
// said where it became true, and what was there before where it did not.
func (in intentInput) achieved(done intent, outcome connectapi.Outcome, left tfkit.Pending) connectModel {
	result := in.plan
	result.Name = in.prior.Name
	if outcome.Renamed || in.create {
		result.Name = in.plan.Name
	}
	// A connect that is only paused counts as on: with ignore_changes = [enabled]
	// the state is all that tells that it has to be turned on again.
	if !in.plan.Enabled.IsNull() && !left.TurnOn {
		result.Enabled = types.BoolValue(outcome.On)
	}
	result.Status = in.prior.Status

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
	// The secrets of a step that failed are still to be written.
	if slices.Contains(slices.Collect(maps.Values(failed)), true) {
		result.SecretsVersion = in.prior.SecretsVersion
	}
	parts.store(&result)
	return result
}

// remember compares what was written with what the service shows of it. What was
// not written is remembered as before.
func (in intentInput) remember(done intent, connect *connectapi.Connect) shown {
	plan, prior, result := in.plan.inline(), in.prior.inline(), shown{Trigger: in.shown.Trigger}
	for i := range plan.actions {
		result.Actions = append(result.Actions, in.shown.action(i))
	}
	if name := in.plan.Name.ValueString(); name != connect.Name {
		ignored := in.prior.Name.ValueString() == connect.Name && !steps.SameMeaning(name, connect.Name)
		switch {
		case in.create, done.change.Name != "" && !ignored:
			result.Name = &connect.Name
		case done.change.Name == "":
			result.Name = in.shown.Name
		}
	}
	for _, step := range done.change.Steps {
		switch {
		case step.Kind == connectapi.TriggerEvent:
			result.Trigger = plan.triggerStep().Remember(connect.Trigger, prior.triggerStep(), in.shown.Trigger)
		case step.Position < len(connect.Actions):
			result.Actions[step.Position] = plan.action(step.Position).Remember(connect.Actions[step.Position], prior.action(step.Position), in.shown.action(step.Position))
		}
	}
	return result
}
