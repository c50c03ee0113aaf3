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

// truth is false when the value is null or unknown.
func truth(value tftypes.Value) bool {
	var result bool
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

// edit is the body that edits a step with these attributes.
func edit(attributes map[string]tftypes.Value) map[string]any {
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
	set("status", known(held.Status))
	if enabled, has := values["enabled"]; has && !enabled.IsKnown() {
		values["enabled"] = tftypes.NewValue(tftypes.Bool, held.Status == statusOn)
	}
	return values
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
	return tftypes.NewValue(value.Type(), refreshedAttributes(attributes, from))
}

// refreshedAttributes sets those that the state manages.
func refreshedAttributes(attributes map[string]tftypes.Value, from wireStep) map[string]tftypes.Value {
	if !attributes["account_id"].IsNull() {
		attributes["account_id"] = account(from)
	}
	if options := members(attributes["options"]); options != nil {
		for key := range options {
			options[key] = known(from.Options[key])
		}
		attributes["options"] = tftypes.NewValue(attributes["options"].Type(), options)
	}
	return attributes
}
