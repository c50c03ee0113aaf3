package floor

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func known(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// text is empty when the value is null or unknown.
func text(value tftypes.Value) string {
	var result string
	if value.IsKnown() && !value.IsNull() {
		_ = value.As(&result)
	}
	return result
}

// members are the attributes of an object or the entries of a map, in a map of
// their own; nil when the value is null or unknown.
func members(value tftypes.Value) map[string]tftypes.Value {
	var result map[string]tftypes.Value
	if value.IsKnown() && !value.IsNull() {
		_ = value.As(&result)
	}
	return maps.Clone(result)
}

func elements(value tftypes.Value) []tftypes.Value {
	var result []tftypes.Value
	if value.IsKnown() && !value.IsNull() {
		_ = value.As(&result)
	}
	return result
}

// edit is the body that edits a step.
func edit(value tftypes.Value) map[string]any {
	attributes := members(value)
	options := map[string]string{}
	for key, option := range members(attributes["options"]) {
		options[key] = text(option)
	}
	body := map[string]any{"options": options}
	if account := text(attributes["account_id"]); account != "" {
		body["accountId"] = account
	}
	return body
}

// computed sets what the service decides, as far as the schema has it.
func computed(values map[string]tftypes.Value, held wireConnect) map[string]tftypes.Value {
	set := func(name string, value tftypes.Value) {
		if _, has := values[name]; has {
			values[name] = value
		}
	}
	set("id", known(held.ID))
	set("enabled", tftypes.NewValue(tftypes.Bool, held.Status == "ON"))
	set("status", known(held.Status))
	set("created_at", known(held.CreatedAt))
	set("updated_at", known(held.UpdatedAt))
	if list, ok := values["steps"].Type().(tftypes.List); ok {
		steps := []tftypes.Value{stepValue(list.ElementType, "trigger", held.Trigger.TriggerID, held.Trigger)}
		for i := range held.Actions {
			steps = append(steps, stepValue(list.ElementType, "action", held.Actions[i].ActionID, held.Actions[i]))
		}
		set("steps", tftypes.NewValue(list, steps))
	}
	return values
}

func stepValue(of tftypes.Type, kind, event string, from wireStep) tftypes.Value {
	return tftypes.NewValue(of, map[string]tftypes.Value{
		"id": known(from.StepID), "kind": known(kind), "app_id": known(from.AppID), "event_id": known(event), "account_id": account(from),
	})
}

func account(from wireStep) tftypes.Value {
	if from.AccountID == nil {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return known(*from.AccountID)
}

// refreshed sets what a person could have changed.
func refreshed(values map[string]tftypes.Value, held wireConnect) map[string]tftypes.Value {
	values["name"] = known(held.Name)
	values["popular_match_id"] = known(held.PopularMatchID)
	values["trigger"] = refreshedStep(values["trigger"], held.Trigger)
	if actions := elements(values["actions"]); actions != nil {
		fresh := make([]tftypes.Value, len(actions))
		for i := range actions {
			fresh[i] = refreshedStep(actions[i], held.Actions[i])
		}
		values["actions"] = tftypes.NewValue(values["actions"].Type(), fresh)
	}
	return values
}

func refreshedStep(value tftypes.Value, from wireStep) tftypes.Value {
	attributes := members(value)
	if attributes == nil {
		return value
	}
	if !attributes["account_id"].IsNull() {
		attributes["account_id"] = account(from)
	}
	if options := members(attributes["options"]); options != nil {
		for key := range options {
			options[key] = known(from.Options[key])
		}
		attributes["options"] = tftypes.NewValue(attributes["options"].Type(), options)
	}
	return tftypes.NewValue(value.Type(), attributes)
}
