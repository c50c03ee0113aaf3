package connect

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/options"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// computed fills the attributes that only the service knows.
func (m *connectModel) computed(connect *connectapi.Connect) {
	m.ID = types.StringValue(connect.ID)
	m.Enabled = types.BoolValue(connect.On)
	m.Status = types.StringValue(connect.Status)
	m.Steps = stepsValue(connect)
	m.CreatedAt = tfkit.StringOrNull(connect.CreatedAt)
	m.UpdatedAt = tfkit.StringOrNull(connect.UpdatedAt)
}

// made fills them after a creation, of which perhaps only the id is known. The
// connect is off then (assumed).
func (m *connectModel) made(created connectapi.Created) {
	if created.Connect != nil {
		m.computed(created.Connect)
		return
	}
	m.computed(&connectapi.Connect{ID: created.ID})
	m.Status = types.StringNull()
}

// refresh updates a state from what the service has: the managed parts, and
// nothing that the configuration left out.
func (m *connectModel) refresh(connect *connectapi.Connect) {
	m.computed(connect)
	m.Name = types.StringValue(connect.Name)

	if connect.PopularMatchID != "" {
		m.PopularMatchID = types.StringValue(connect.PopularMatchID)
	}

	if m.Trigger.IsNull() && m.Actions.IsNull() {
		return
	}

	parts := m.inline()

	if parts.trigger != nil {
		refreshed := parts.trigger.Refresh(connect.Trigger)
		parts.trigger = &refreshed
	}

	for i := range parts.actions {
		if i < len(connect.Actions) {
			parts.actions[i] = parts.actions[i].Refresh(connect.Actions[i])
		}
	}

	parts.store(m)
}

// refreshedAs tells whether a refresh changed nothing.
func (m *connectModel) refreshedAs(before connectModel) bool {
	return m.Name.Equal(before.Name) && m.PopularMatchID.Equal(before.PopularMatchID) && m.Enabled.Equal(before.Enabled) &&
		m.Status.Equal(before.Status) && m.UpdatedAt.Equal(before.UpdatedAt) && m.CreatedAt.Equal(before.CreatedAt) &&
		m.Steps.Equal(before.Steps) && m.Trigger.Equal(before.Trigger) && m.Actions.Equal(before.Actions)
}

// adopt fills a state from everything that the service shows of the steps.
func (m *connectModel) adopt(connect *connectapi.Connect) {
	trigger := options.Adopt(connect.Trigger)
	parts := inline{trigger: &trigger}

	for _, action := range connect.Actions {
		parts.actions = append(parts.actions, options.Adopt(action))
	}

	parts.store(m)
}

func stepsValue(connect *connectapi.Connect) types.List {
	objectType := types.ObjectType{AttrTypes: stepTypes()}
	values := make([]attr.Value, 0, 1+len(connect.Actions))

	add := func(kind connectapi.EventKind, step connectapi.Step) {
		values = append(values, types.ObjectValueMust(objectType.AttrTypes, map[string]attr.Value{
			"id":         types.StringValue(step.ID),
			"kind":       types.StringValue(string(kind)),
			"app_id":     tfkit.StringOrNull(step.AppID),
			"event_id":   tfkit.StringOrNull(step.EventID),
			"account_id": tfkit.StringOrNull(step.AccountID),
		}))
	}

	add(connectapi.TriggerEvent, connect.Trigger)

	for _, action := range connect.Actions {
		add(connectapi.ActionEvent, action)
	}

	return types.ListValueMust(objectType, values)
}
