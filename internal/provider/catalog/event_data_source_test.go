package catalog_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// event is a trigger or an action of the simulated catalog.
func event(t *testing.T, events []catalog.Event, name string) catalog.Event {
	t.Helper()
	return find(t, events, "trigger or action "+name, func(e catalog.Event) bool { return e.Name == name })
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func eventAttributes(e catalog.Event) map[string]any {
	fields := make([]any, len(e.Fields))
	for i, field := range e.Fields {
		parents, choices := make([]any, len(field.DependsOn)), make([]any, len(field.Choices))
		for j, parent := range field.DependsOn {
			parents[j] = parent
		}
		for j, choice := range field.Choices {
			choices[j] = map[string]any{"label": choice.Label, "value": choice.Value}
		}
		fields[i] = map[string]any{
			"key": field.Key, "label": field.Label, "type": field.Type, "required": field.Required, "help_text": orNull(field.HelpText),
			"dynamic": field.Dynamic, "depends_on": parents, "choices": choices, "default": orNull(field.Default),
		}
	}
	return map[string]any{"id": e.ID, "app_id": e.AppID, "name": e.Name, "description": e.Description, "fields": fields}
}

func TestTriggerAndAction(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	sheets, mailchimp := app(t, env, "Google Sheets").ID, app(t, env, "Mailchimp").ID
	row := event(t, env.Sim.Catalog().Triggers(sheets), "New Spreadsheet Row")
	add := event(t, env.Sim.Catalog().Actions(mailchimp), "Add Subscriber")
	webhook := event(t, env.Sim.Catalog().Actions(app(t, env, "Webhooks").ID), "Send Webhook")
	const trigger, action = "appypie_trigger", "appypie_action"

	tests := map[string]acctest.DataCase{
		"trigger by id":   {Type: trigger, Config: map[string]any{"id": row.ID}, Want: eventAttributes(row)},
		"trigger by name": {Type: trigger, Config: map[string]any{"app_id": sheets, "name": "new spreadsheet ROW"}, Want: eventAttributes(row)},
		"action by id":    {Type: action, Config: map[string]any{"id": add.ID}, Want: eventAttributes(add)},
		"action by name":  {Type: action, Config: map[string]any{"app_id": mailchimp, "name": "Add Subscriber"}, Want: eventAttributes(add)},
		"with a default":  {Type: action, Config: map[string]any{"id": webhook.ID}, Want: eventAttributes(webhook)},
		"a name that is nearly right": {
			Type: trigger, Config: map[string]any{"app_id": sheets, "name": "New Spreadsheet Rows"},
			Summary: "Nothing found", Path: "name", Details: []string{"Did you mean", `"New Spreadsheet Row"`},
		},
		"the name of an action": {
			Type: trigger, Config: map[string]any{"app_id": mailchimp, "name": "Add Subscriber"}, Summary: "Nothing found", Path: "name",
		},
		"the id of a trigger": {
			Type: action, Config: map[string]any{"id": row.ID}, Summary: "Cannot read action " + row.ID, Path: "id", Details: []string{"HTTP 404"},
		},
		"an unknown app": {
			Type: action, Config: map[string]any{"app_id": unknownID, "name": "x"},
			Summary: "Cannot list the actions of app " + unknownID, Path: "app_id", Details: []string{"HTTP 404"},
		},
		"a malformed id":           {Type: trigger, Config: map[string]any{"id": "a b"}, Summary: "Invalid Attribute Value Match", Path: "id"},
		"an app alone":             {Type: trigger, Config: map[string]any{"app_id": sheets}, Summary: "Invalid Attribute Combination", Path: "app_id"},
		"an id and an app":         {Type: trigger, Config: map[string]any{"id": row.ID, "app_id": sheets, "name": "x"}, Summary: "Invalid Attribute Combination", Path: "id"},
		"nothing to find anything": {Type: action, Summary: "Missing Attribute Configuration"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Run(t, env)
		})
	}
}

func TestTriggersAndActions(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	mailchimp := app(t, env, "Mailchimp").ID

	names := func(events []catalog.Event) []string {
		var all []string
		for _, e := range events {
			all = append(all, e.Name)
		}
		return all
	}
	add := event(t, env.Sim.Catalog().Actions(mailchimp), "Add Subscriber")

	tests := map[string]acctest.DataCase{
		"triggers": {Type: "appypie_triggers", Config: map[string]any{"app_id": mailchimp}, Check: wantTexts("triggers", "name", names(env.Sim.Catalog().Triggers(mailchimp))...)},
		"actions":  {Type: "appypie_actions", Config: map[string]any{"app_id": mailchimp}, Check: wantTexts("actions", "name", names(env.Sim.Catalog().Actions(mailchimp))...)},
		"by name": {
			Type: "appypie_actions", Config: map[string]any{"app_id": mailchimp, "text": "ADD SUBSCRIBER"},
			Want: map[string]any{"actions": []any{eventAttributes(add)}},
		},
		"by description": {Type: "appypie_actions", Config: map[string]any{"app_id": mailchimp, "text": add.Description}, Check: wantTexts("actions", "name", "Add Subscriber")},
		"none":           {Type: "appypie_triggers", Config: map[string]any{"app_id": mailchimp, "text": "no such thing"}, Want: map[string]any{"triggers": []any{}}},
		"an unknown app": {
			Type: "appypie_triggers", Config: map[string]any{"app_id": unknownID},
			Summary: "Cannot list the triggers of app " + unknownID, Path: "app_id",
		},
		"no app": {Type: "appypie_triggers", Summary: "Missing Configuration for Required Attribute", Path: "app_id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Run(t, env)
		})
	}
}

// TestTriggerOfAListingWithoutFields: that a listing shows the fields is only
// assumed, so they are read from the detail where it does not.
func TestTriggerOfAListingWithoutFields(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithoutContract("the listing has no fields"))
	sheets := app(t, env, "Google Sheets").ID
	row := event(t, env.Sim.Catalog().Triggers(sheets), "New Spreadsheet Row")
	env.Sim.AddFault(simulator.Fault{
		Operation: "list_triggers", Kind: simulator.FaultMalformedBody,
		Body: `{"success":true,"data":[{"_id":"` + row.ID + `","name":"New Spreadsheet Row"}]}`,
	})
	acctest.DataCase{
		Type: "appypie_trigger", Config: map[string]any{"app_id": sheets, "name": "New Spreadsheet Row"}, Want: eventAttributes(row),
	}.Run(t, env)
}
