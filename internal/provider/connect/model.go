package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

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
	Steps             types.List     `tfsdk:"steps"`
	CreatedAt         types.String   `tfsdk:"created_at"`
	UpdatedAt         types.String   `tfsdk:"updated_at"`
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
func (m *connectModel) inline(ctx context.Context, diags *diag.Diagnostics) inline {
	result := inline{partial: m.Trigger.IsUnknown() || m.Actions.IsUnknown()}

	if !m.Trigger.IsNull() && !m.Trigger.IsUnknown() {
		var step options.Step

		diags.Append(m.Trigger.As(ctx, &step, basetypes.ObjectAsOptions{})...)

		result.trigger = &step
	}

	if m.Actions.IsNull() || m.Actions.IsUnknown() {
		return result
	}

	result.actions = make([]options.Step, 0, len(m.Actions.Elements()))

	for _, element := range m.Actions.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsUnknown() {
			result.partial = true
			object = types.ObjectNull(options.StepAttributeTypes())
		}

		step := options.NullStep()
		if !object.IsNull() {
			diags.Append(object.As(ctx, &step, basetypes.ObjectAsOptions{})...)
		}

		result.actions = append(result.actions, step)
	}

	return result
}

// store puts the parts back into the attributes.
func (i inline) store(ctx context.Context, m *connectModel, diags *diag.Diagnostics) {
	objectType := types.ObjectType{AttrTypes: options.StepAttributeTypes()}
	m.Trigger = types.ObjectNull(objectType.AttrTypes)
	m.Actions = types.ListNull(objectType)

	if i.trigger != nil {
		object, objectDiags := types.ObjectValueFrom(ctx, objectType.AttrTypes, i.trigger.ForState())
		diags.Append(objectDiags...)

		m.Trigger = object
	}

	if i.actions != nil {
		steps := make([]options.Step, len(i.actions))
		for n, step := range i.actions {
			steps[n] = step.ForState()
		}

		list, listDiags := types.ListValueFrom(ctx, objectType, steps)
		diags.Append(listDiags...)

		m.Actions = list
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
