package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectModel struct {
	ID, Name, PopularMatchID            types.String
	Enabled, RunTest, PauseDuringUpdate types.Bool
	DeletionPolicy                      types.String
	Trigger                             types.Object
	Actions                             types.List
	SecretsVersion                      types.Int64
	Status                              types.String
	Timeouts                            types.Map
}

// Fields implements tfkit.Model.
func (m *connectModel) Fields() tfkit.Fields {
	step := types.ObjectType{AttrTypes: steps.StepAttributeTypes()}
	return tfkit.Fields{
		"id":                  tfkit.At(&m.ID, types.StringType),
		"name":                tfkit.At(&m.Name, types.StringType),
		"popular_match_id":    tfkit.At(&m.PopularMatchID, types.StringType),
		"enabled":             tfkit.At(&m.Enabled, types.BoolType),
		"run_test":            tfkit.At(&m.RunTest, types.BoolType),
		"pause_during_update": tfkit.At(&m.PauseDuringUpdate, types.BoolType),
		"deletion_policy":     tfkit.At(&m.DeletionPolicy, types.StringType),
		"trigger":             tfkit.At(&m.Trigger, step),
		"actions":             tfkit.At(&m.Actions, types.ListType{ElemType: step}),
		"secrets_wo_version":  tfkit.At(&m.SecretsVersion, types.Int64Type),
		"status":              tfkit.At(&m.Status, types.StringType),
		"timeouts":            tfkit.At(&m.Timeouts, tfkit.StringMap()),
	}
}

// readConnect reads a configuration, a plan or a state.
func readConnect(ctx context.Context, object tftypes.Value, diags *diag.Diagnostics) connectModel {
	var model connectModel
	model.Fields().Read(ctx, object, diags)
	return model
}

// Identity implements tfkit.Model.
func (m *connectModel) Identity() map[string]attr.Value { return map[string]attr.Value{"id": m.ID} }

// stepSet is the part of a connect that the trigger and actions attributes
// hold, taken apart: one entry a step that is managed here.
type stepSet struct {
	trigger *steps.Step
	// actions is nil when the attribute is null.
	actions []steps.Step
	// partial means that an attribute as a whole is unknown.
	partial bool
}

// toSteps takes the trigger and actions attributes apart.
func (m *connectModel) toSteps() stepSet {
	result := stepSet{partial: m.Trigger.IsUnknown() || m.Actions.IsUnknown()}
	if !m.Trigger.IsNull() && !m.Trigger.IsUnknown() {
		step := m.step(m.Trigger)
		result.trigger = &step
	}
	if m.Actions.IsNull() || m.Actions.IsUnknown() {
		return result
	}

	elements := m.Actions.Elements()
	result.actions = make([]steps.Step, 0, len(elements))
	for _, element := range elements {
		object, ok := element.(types.Object)
		result.partial = result.partial || !ok || object.IsUnknown()
		result.actions = append(result.actions, m.step(object))
	}
	return result
}

// step is the step that an object holds, with the version that stands for the
// secrets of all steps.
func (m *connectModel) step(object types.Object) steps.Step {
	step := steps.StepOf(object)
	step.SecretsVersion = m.SecretsVersion
	return step
}

// store puts the parts back into the attributes.
func (s stepSet) store(m *connectModel) {
	objectType := types.ObjectType{AttrTypes: steps.StepAttributeTypes()}
	m.Trigger = types.ObjectNull(objectType.AttrTypes)
	m.Actions = types.ListNull(objectType)
	if s.trigger != nil {
		m.Trigger = s.trigger.Object()
	}
	if s.actions != nil {
		steps := make([]attr.Value, len(s.actions))
		for n, step := range s.actions {
			steps[n] = step.Object()
		}
		m.Actions = types.ListValueMust(objectType, steps)
	}
}

// action returns the step at a position, or one that manages nothing.
func (s stepSet) action(position int) steps.Step {
	if position < len(s.actions) {
		return s.actions[position]
	}
	return steps.NullStep()
}

func (s stepSet) triggerStep() steps.Step {
	if s.trigger == nil {
		return steps.NullStep()
	}
	return *s.trigger
}

func triggerPath() path.Path { return path.Root("trigger") }

func actionPath(position int) path.Path { return path.Root("actions").AtListIndex(position) }

// shown remembers what the service showed for what was declared otherwise.
type shown struct {
	Name    *string       `json:"name,omitempty"`
	Trigger steps.Shown   `json:"trigger,omitempty"`
	Actions []steps.Shown `json:"actions,omitempty"`
}

func (s shown) action(position int) steps.Shown {
	if position < len(s.Actions) {
		return s.Actions[position]
	}
	return nil
}

// some reports whether there is anything to remember.
func (s shown) some() bool {
	if s.Name != nil || len(s.Trigger) > 0 {
		return true
	}
	for _, action := range s.Actions {
		if len(action) > 0 {
			return true
		}
	}
	return false
}

// complete fills the computed attributes that the plan could not know. What it
// did know stays as it was planned; the next refresh tells what became of it.
func (m *connectModel) complete(connect *connectapi.Connect) {
	m.ID = types.StringValue(connect.ID)
	if m.Status.IsUnknown() {
		m.Status = types.StringValue(connect.Status)
	}
}

// made fills them after a creation, of which perhaps only the id is known.
func (m *connectModel) made(created connectapi.Created) {
	if created.Connect != nil {
		m.complete(created.Connect)
		return
	}
	m.ID = types.StringValue(created.ID)
	m.Status = types.StringNull()
}

// fromAPI updates a state from what the service has: the managed parts, and
// nothing that the configuration left out.
func (m *connectModel) fromAPI(connect *connectapi.Connect, remembered shown, pending tfkit.Pending) {
	m.ID = types.StringValue(connect.ID)
	m.Status = types.StringValue(connect.Status)
	if remembered.Name == nil || *remembered.Name != connect.Name {
		m.Name = types.StringValue(connect.Name)
	}
	// A connect that is only paused counts as on, because it is going to be.
	if !m.Enabled.IsNull() && !pending.TurnOn {
		m.Enabled = types.BoolValue(connect.On)
	}
	if connect.PopularMatchID != "" {
		m.PopularMatchID = types.StringValue(connect.PopularMatchID)
	}
	if m.Trigger.IsNull() && m.Actions.IsNull() {
		return
	}
	parts := m.toSteps()
	if parts.trigger != nil {
		refreshed := parts.trigger.Refresh(connect.Trigger, remembered.Trigger)
		parts.trigger = &refreshed
	}
	for i := range parts.actions {
		if i < len(connect.Actions) {
			parts.actions[i] = parts.actions[i].Refresh(connect.Actions[i], remembered.action(i))
		}
	}
	parts.store(m)
}

// sameAs reports whether a refresh changed nothing.
func (m *connectModel) sameAs(before connectModel) bool {
	return m.Name.Equal(before.Name) && m.PopularMatchID.Equal(before.PopularMatchID) && m.Enabled.Equal(before.Enabled) &&
		m.Status.Equal(before.Status) &&
		m.Trigger.Equal(before.Trigger) && m.Actions.Equal(before.Actions)
}

// stepsFromAPI fills a state from everything that the service shows of the steps and of
// the switch. What looks secret is left out and warned of.
func (m *connectModel) stepsFromAPI(connect *connectapi.Connect, diags *diag.Diagnostics) {
	m.Enabled = types.BoolValue(connect.On)
	trigger, secrets := steps.FromAPI(connect.Trigger)
	steps.WarnSecretsLeftOut(diags, triggerPath().AtName("options"), secrets)
	parts := stepSet{trigger: &trigger}
	for i, action := range connect.Actions {
		step, secrets := steps.FromAPI(action)
		steps.WarnSecretsLeftOut(diags, actionPath(i).AtName("options"), secrets)
		parts.actions = append(parts.actions, step)
	}
	parts.store(m)
}
