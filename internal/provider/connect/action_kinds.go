package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// NewTurnOnAction returns the action appypie_connect_turn_on.
func NewTurnOnAction() action.Action {
	return &connectAction{
		name:    "turn_on",
		failure: "Cannot turn on the connect",
		description: "Turns a connect on; one that is on stays so.\n\nNo state remembers it: " +
			"a connect whose resource says `enabled = false` is turned off again by the next apply.",
		operations: []dialect.Operation{dialect.TurnOnConnect, dialect.ListConnects},
		invoke:     func(ctx context.Context, in invocation) error { return in.turn(ctx, true, "on") },
	}
}

// NewTurnOffAction returns the action appypie_connect_turn_off.
func NewTurnOffAction() action.Action {
	return &connectAction{
		name:    "turn_off",
		failure: "Cannot turn off the connect",
		description: "Turns a connect off, as before maintenance of an app that it uses; one that is off stays so.\n\nNo state remembers it: " +
			"a connect whose resource says `enabled = true` is turned on again by the next apply. " +
			"Up to Terraform 1.15, trigger it from another resource than the connect's own: an action that comes before a change of the resource that it refers to is a cycle. " +
			"Terraform 1.16 and newer also take `connect_id = caller.id` for the connect's own resource, with `before_update` and `before_destroy`.",
		operations: []dialect.Operation{dialect.TurnOffConnect, dialect.ListConnects},
		invoke:     func(ctx context.Context, in invocation) error { return in.turn(ctx, false, "off") },
	}
}

// NewRunTestAction returns the action appypie_connect_run_test.
func NewRunTestAction() action.Action {
	return &connectAction{
		name:    "run_test",
		failure: "The test did not succeed on the connect",
		description: "Tests a connect and shows the result of each step; a step that fails is an error.\n\n" +
			"**A test acts for real in the target apps.** A connect that is on stays on while it is tested.",
		operations: []dialect.Operation{dialect.RunTest, dialect.ListConnects},
		invoke:     func(ctx context.Context, in invocation) error { return in.test(ctx) },
	}
}

// turn moves the switch, unless it is where it should be. Then nothing is
// written, so that running an action again is harmless.
func (in invocation) turn(ctx context.Context, on bool, word string) error {
	if in.connect.On == on {
		in.report("The connect %q (%s) is %s already.", in.connect.Name, in.connect.ID, word)
		return nil
	}
	in.report("Turning the connect %q (%s) %s.", in.connect.Name, in.connect.ID, word)

	// The connect is read again under its lock: an apply of the same run may
	// just have changed it.
	if _, err := in.client.Apply(ctx, in.connect.ID, nil, connectapi.Change{Enabled: &on}); err != nil {
		return err
	}
	in.report("The connect %q is %s.", in.connect.Name, word)
	return nil
}

// test does not pause the connect: it changes nothing that a run of the
// connect could see half of.
func (in invocation) test(ctx context.Context) error {
	in.report("Testing the connect %q (%s), which acts for real in its apps.", in.connect.Name, in.connect.ID)
	outcome, err := in.client.Apply(ctx, in.connect.ID, nil, connectapi.Change{Test: true})
	if outcome.Test == nil {
		return err
	}
	if outcome.Test.Recovered != "" {
		in.report("The answer to the test was lost. The history of the connect says %s.", outcome.Test.Recovered)
	}

	for _, step := range outcome.Test.Steps {
		message := step.Message
		if message == "" {
			message = "no message"
		}
		outcome := "success"
		if step.Failed() {
			outcome = "failed"
		}
		in.report("Step %s: %s (%s).", in.describe(step.StepID), outcome, message)
	}
	return err
}

// describe names a step as the configuration does.
func (in invocation) describe(stepID string) string {
	if in.connect.Trigger.ID == stepID {
		return "trigger " + stepID
	}
	for i, step := range in.connect.Actions {
		if step.ID == stepID {
			return actionPath(i).String() + " " + stepID
		}
	}
	return stepID
}
