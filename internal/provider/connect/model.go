package connect

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/options"
)

type connectModel struct {
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	PopularMatchID    types.String   `tfsdk:"popular_match_id"`
	Enabled           types.Bool     `tfsdk:"enabled"`
	RunTest           types.Bool     `tfsdk:"run_test"`
	PauseDuringUpdate types.Bool     `tfsdk:"pause_during_update"`
	DeletionPolicy    types.String   `tfsdk:"deletion_policy"`
	Trigger           types.Object   `tfsdk:"trigger"`
	Actions           types.List     `tfsdk:"actions"`
	Status            types.String   `tfsdk:"status"`
	Summary           types.String   `tfsdk:"summary"`
	TriggerStepID     types.String   `tfsdk:"trigger_step_id"`
	ActionStepIDs     types.List     `tfsdk:"action_step_ids"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// inline is the part of a connect that the trigger and actions attributes
// hold, taken apart: one entry a step that is managed here.
type inline struct {
	trigger *options.Step
	// actions is nil when the attribute is null.
	actions []options.Step
	// partial means that an attribute as a whole is unknown.
	partial bool
}

// inline takes the trigger and actions attributes apart.
func (m *connectModel) inline() inline {
	result := inline{partial: m.Trigger.IsUnknown() || m.Actions.IsUnknown()}

	if !m.Trigger.IsNull() && !m.Trigger.IsUnknown() {
		step := options.StepOf(m.Trigger)
		result.trigger = &step
	}

	if m.Actions.IsNull() || m.Actions.IsUnknown() {
		return result
	}

	elements := m.Actions.Elements()
	result.actions = make([]options.Step, 0, len(elements))

	for _, element := range elements {
		object, ok := element.(types.Object)
		result.partial = result.partial || !ok || object.IsUnknown()
		result.actions = append(result.actions, options.StepOf(object))
	}

	return result
}

// store puts the parts back into the attributes.
func (i inline) store(m *connectModel) {
	objectType := types.ObjectType{AttrTypes: options.StepAttributeTypes()}
	m.Trigger = types.ObjectNull(objectType.AttrTypes)
	m.Actions = types.ListNull(objectType)

	if i.trigger != nil {
		m.Trigger = i.trigger.Object()
	}

	if i.actions != nil {
		steps := make([]attr.Value, len(i.actions))
		for n, step := range i.actions {
			steps[n] = step.Object()
		}

		m.Actions = types.ListValueMust(objectType, steps)
	}
}

// action returns the step at a position, or one that manages nothing.
func (i inline) action(position int) options.Step {
	if position < len(i.actions) {
		return i.actions[position]
	}

	return options.NullStep()
}

func (i inline) triggerStep() options.Step {
	if i.trigger == nil {
		return options.NullStep()
	}

	return *i.trigger
}

func triggerPath() path.Path { return path.Root("trigger") }

func actionPath(position int) path.Path { return path.Root("actions").AtListIndex(position) }
