package connect

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// operation is what a plan is turned into a change from.
type operation struct {
	tfkit.Operation[connectModel, shown]
	// server reads what the service has, nil when that cannot be read. It is asked
	// only for what the state does not know.
	server func() *connectapi.Connect
}

// operation reads a request.
func (r *connectResource) operation(ctx context.Context, from tfkit.Request) (operation, bool) {
	read, ok := tfkit.ReadOperation[connectModel, shown](ctx, from, readConnect, nothingManaged)
	return operation{read, r.reader(ctx, read.Prior.ID.ValueString())}, ok
}

// reader reads a connect when it is first asked for.
func (r *connectResource) reader(ctx context.Context, id string) func() *connectapi.Connect {
	return sync.OnceValue(func() *connectapi.Connect {
		connect, err := r.Provider.Client.Connect(ctx, id)
		if err != nil {
			return nil
		}
		return connect
	})
}

// writesTrigger and writesAction report whether a step has to be written.
func (in operation) writesTrigger() bool {
	return in.writes(in.Plan.toSteps().triggerStep(), in.Config.toSteps().triggerStep(), in.Prior.toSteps().triggerStep(),
		func(c *connectapi.Connect) *connectapi.Step { return &c.Trigger })
}

func (in operation) writesAction(i int) bool {
	return in.writes(in.Plan.toSteps().action(i), in.Config.toSteps().action(i), in.Prior.toSteps().action(i), func(c *connectapi.Connect) *connectapi.Step {
		if i < len(c.Actions) {
			return &c.Actions[i]
		}
		return nil
	})
}

func (in operation) writes(step, config, prior steps.Step, part func(*connectapi.Connect) *connectapi.Step) bool {
	step.SecretsWO = config.SecretsWO
	return in.Create || step.Writes(prior, func() *connectapi.Step {
		if connect := in.server(); connect != nil {
			return part(connect)
		}
		return nil
	})
}

// toChange is strict: anything that is not known is an error with its path,
// before any call is made.
func (in operation) toChange(diags *diag.Diagnostics) connectapi.Change {
	var result connectapi.Change
	plan, config, prior := in.Plan.toSteps(), in.Config.toSteps(), in.Prior.toSteps()
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
		result.Steps = append(result.Steps, change)
	}
	if plan.trigger != nil {
		add(*plan.trigger, prior.triggerStep(), config.triggerStep(), connectapi.TriggerEvent, 0, triggerPath())
	}
	for i, step := range plan.actions {
		add(step, prior.action(i), config.action(i), connectapi.ActionEvent, i, actionPath(i))
	}

	result.Pause = in.Plan.PauseDuringUpdate.ValueBool()
	result.Test = in.wantsTest(len(result.Steps) > 0)
	result.Enabled = in.wantedSwitch()
	if !in.Create && !in.Plan.Name.Equal(in.Prior.Name) {
		result.Name = in.Plan.Name.ValueString()
	}
	return result
}

// stepPaths says where each step of a change stands in the configuration.
func stepPaths(change connectapi.Change) []path.Path {
	paths := make([]path.Path, len(change.Steps))
	for i, step := range change.Steps {
		paths[i] = triggerPath()
		if step.Kind == connectapi.ActionEvent {
			paths[i] = actionPath(step.Position)
		}
	}
	return paths
}

// wantsTest: a test follows what was written, or its being asked for. After an
// import run_test is only a statement of what later changes do.
func (in operation) wantsTest(writes bool) bool {
	return in.Plan.RunTest.ValueBool() && (in.Create || writes || !in.Prior.RunTest.ValueBool() && !in.Private.Imported || in.Private.Pending.Test)
}

// wantedSwitch is nil while the switch is not managed, unless an earlier apply
// paused the connect and owes it to turn it on again.
func (in operation) wantedSwitch() *bool {
	if in.Config.Enabled.IsNull() {
		if in.Private.Pending.TurnOn {
			return new(true)
		}
		return nil
	}
	return in.Plan.Enabled.ValueBoolPointer()
}

// achieved is the state after a change that stopped half-way: what the plan
// said where it became true, and what was there before where it did not.
func (in operation) achieved(done connectapi.Change, outcome connectapi.Outcome, left tfkit.Pending) connectModel {
	result := in.Plan
	result.Name = in.Prior.Name
	if outcome.Renamed || in.Create {
		result.Name = in.Plan.Name
	}
	// A connect that is only paused counts as on: with ignore_changes = [enabled]
	// the state is all that tells that it has to be turned on again.
	if !in.Plan.Enabled.IsNull() && !left.TurnOn {
		result.Enabled = types.BoolValue(outcome.On)
	}
	result.Status = in.Prior.Status

	parts, prior := in.Plan.toSteps(), in.Prior.toSteps()
	failed := map[string]bool{}
	for i, at := range stepPaths(done) {
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
		result.SecretsVersion = in.Prior.SecretsVersion
	}
	parts.store(&result)
	return result
}

// remember compares what was written with what the service shows of it. What was
// not written is remembered as before.
func (in operation) remember(done connectapi.Change, connect *connectapi.Connect) shown {
	plan, prior, result := in.Plan.toSteps(), in.Prior.toSteps(), shown{Trigger: in.Shown.Trigger}
	for i := range plan.actions {
		result.Actions = append(result.Actions, in.Shown.action(i))
	}
	if name := in.Plan.Name.ValueString(); name != connect.Name {
		ignored := in.Prior.Name.ValueString() == connect.Name && !steps.SameMeaning(name, connect.Name)
		switch {
		case in.Create, done.Name != "" && !ignored:
			result.Name = &connect.Name
		case done.Name == "":
			result.Name = in.Shown.Name
		}
	}
	for _, step := range done.Steps {
		switch {
		case step.Kind == connectapi.TriggerEvent:
			result.Trigger = plan.triggerStep().Remember(connect.Trigger, prior.triggerStep(), in.Shown.Trigger)
		case step.Position < len(connect.Actions):
			result.Actions[step.Position] = plan.action(step.Position).Remember(connect.Actions[step.Position], prior.action(step.Position), in.Shown.action(step.Position))
		}
	}
	return result
}
