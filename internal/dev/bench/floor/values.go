package floor

import (
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are the attributes of an object.
type values map[string]tftypes.Value

func known(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// as reads a value; what is null or unknown is the zero of T.
func as[T any](value tftypes.Value) T {
	var result T
	if value.IsKnown() && !value.IsNull() {
		_ = value.As(&result)
	}
	return result
}

func text(value tftypes.Value) string { return as[string](value) }

// members are the attributes of an object or the entries of a map, in a map of
// their own; nil when the value is null or unknown.
func members(value tftypes.Value) values { return maps.Clone(as[map[string]tftypes.Value](value)) }

func elements(value tftypes.Value) []tftypes.Value { return as[[]tftypes.Value](value) }

// edit is the body that edits a step with these attributes.
func edit(attributes values) map[string]any {
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

// computed sets what the service and a write decide, as far as the schema has it.
func (v values) computed(held wireConnect) {
	for name, value := range map[string]tftypes.Value{
		"id": known(held.ID), "status": known(held.Status),
		"revision": known(time.Now().UTC().Format(time.RFC3339Nano)),
	} {
		if _, has := v[name]; has {
			v[name] = value
		}
	}
	if enabled, has := v["enabled"]; has && !enabled.IsKnown() {
		v["enabled"] = tftypes.NewValue(tftypes.Bool, held.Status == statusOn)
	}
}

// refreshConnect sets what a person could have changed.
func refreshConnect(v values, held wireConnect) {
	v.computed(held)
	v["name"], v["popular_match_id"] = known(held.Name), known(held.PopularMatchID)
	v["trigger"] = refreshed(v["trigger"], held.Trigger)
	if actions := elements(v["actions"]); actions != nil {
		fresh := make([]tftypes.Value, len(actions))
		for i := range actions {
			fresh[i] = refreshed(actions[i], held.Actions[i])
		}
		v["actions"] = tftypes.NewValue(v["actions"].Type(), fresh)
	}
}

func refreshed(value tftypes.Value, from wireStep) tftypes.Value {
	attributes := members(value)
	if attributes == nil {
		return value
	}
	attributes.refresh(from)
	return tftypes.NewValue(value.Type(), map[string]tftypes.Value(attributes))
}

// refresh sets those attributes of a step that the state manages.
func (v values) refresh(from wireStep) {
	if !v["account_id"].IsNull() {
		v["account_id"] = tftypes.NewValue(tftypes.String, from.AccountID)
	}
	if options := members(v["options"]); options != nil {
		for key := range options {
			options[key] = known(from.Options[key])
		}
		v["options"] = tftypes.NewValue(v["options"].Type(), map[string]tftypes.Value(options))
	}
}
