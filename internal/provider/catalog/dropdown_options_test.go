package catalog_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const dropdownType = "appypie_dropdown_options"

// sheetsRow is the trigger of a new row: spreadsheet and, depending on it,
// worksheet are dynamic; header_row is static.
func sheetsRow(t *testing.T, env *acctest.Env) (trigger catalog.Event, account string) {
	t.Helper()
	return event(t, env.Sim.Catalog().Triggers(app(t, env, "Google Sheets").ID), "New Spreadsheet Row"), env.AccountID(t, "Google Sheets")
}

func field(t *testing.T, e catalog.Event, key string) catalog.Field {
	t.Helper()
	return find(t, e.Fields, "field "+key, func(f catalog.Field) bool { return f.Key == key })
}

// offered is what the data source must answer for these choices.
func offered(choices []catalog.Choice) map[string]any {
	list, byLabel := make([]any, len(choices)), map[string]any{}
	for i, choice := range choices {
		list[i] = map[string]any{"label": choice.Label, "value": choice.Value}
		byLabel[choice.Label] = choice.Value
	}
	return map[string]any{"choices": list, "by_label": byLabel}
}

func TestDropdownOptions(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	row, account := sheetsRow(t, env)
	spreadsheet := map[string]string{"spreadsheet": "Leads 2026"}
	worksheets := offered(env.Sim.Catalog().DropdownChoices(field(t, row, "worksheet"), account, spreadsheet))
	add := event(t, env.Sim.Catalog().Actions(app(t, env, "Mailchimp").ID), "Add Subscriber")
	mailchimp := env.AccountID(t, "Mailchimp")
	connect := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	if err := env.Sim.Edit(connect.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = account, spreadsheet
	}); err != nil {
		t.Fatal(err)
	}

	tests := map[string]acctest.DataCase{
		"of a trigger": {
			Config: map[string]any{"trigger_id": row.ID, "key": "spreadsheet", "account_id": account},
			Want:   offered(env.Sim.Catalog().DropdownChoices(field(t, row, "spreadsheet"), account, nil)),
		},
		"under a parent": {
			Config: map[string]any{"trigger_id": row.ID, "key": "worksheet", "account_id": account, "values": map[string]any{"spreadsheet": "Leads 2026", "other": nil}},
			Want:   worksheets,
		},
		"of an action": {
			Config: map[string]any{"action_id": add.ID, "key": "list", "account_id": mailchimp},
			Want:   offered(env.Sim.Catalog().DropdownChoices(field(t, add, "list"), mailchimp, nil)),
		},
		"of a step that has account and parent": {
			Config: map[string]any{"connect_id": connect.ID, "step_id": connect.Trigger.StepID, "key": "worksheet"}, Want: worksheets,
		},
		"static": {
			Config: map[string]any{"trigger_id": row.ID, "key": "header_row"}, Want: offered(field(t, row, "header_row").Choices),
		},
		"a text": {
			Config:  map[string]any{"action_id": add.ID, "key": "email", "account_id": mailchimp},
			Summary: "The option is not a selection", Path: "key", Details: []string{"takes any text", "Options with choices: list"},
		},
		"a key that is nearly right": {
			Config:  map[string]any{"trigger_id": row.ID, "key": "spreadsheets", "account_id": account},
			Summary: "No such option", Path: "key", Details: []string{`Did you mean "spreadsheet"?`, "HTTP 400"},
		},
		"no account": {
			Config:  map[string]any{"trigger_id": row.ID, "key": "spreadsheet"},
			Summary: `Cannot list the choices of the option "spreadsheet"`, Path: "account_id", Details: []string{"Google Sheets"},
		},
		"an account of another app": {
			Config:  map[string]any{"trigger_id": row.ID, "key": "spreadsheet", "account_id": mailchimp},
			Summary: `Cannot list the choices of the option "spreadsheet"`, Path: "account_id",
		},
		"an unknown trigger": {
			Config:  map[string]any{"trigger_id": unknownID, "key": "x"},
			Summary: "Cannot read trigger " + unknownID, Path: "trigger_id", Details: []string{"HTTP 404"},
		},
		"an unknown connect": {
			Config:  map[string]any{"connect_id": unknownID, "step_id": unknownID, "key": "x"},
			Summary: "Cannot read the connect " + unknownID, Path: "connect_id",
		},
		"an unknown step": {
			Config:  map[string]any{"connect_id": connect.ID, "step_id": unknownID, "key": "x"},
			Summary: "No such step", Path: "step_id", Details: []string{connect.Trigger.StepID + " (trigger)", connect.Actions[0].StepID + " (action)"},
		},
		"a trigger and an action": {
			Config:  map[string]any{"trigger_id": row.ID, "action_id": add.ID, "key": "x"},
			Summary: "Invalid Attribute Combination", Path: "trigger_id",
		},
		"a connect alone": {Config: map[string]any{"connect_id": connect.ID, "key": "x"}, Summary: "Invalid Attribute Combination", Path: "connect_id"},
		"of nothing":      {Config: map[string]any{"key": "x"}, Summary: "Missing Attribute Configuration"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = dropdownType
			test.Run(t, env)
		})
	}
}

// warned reads choices that come with one warning.
func warned(t *testing.T, env *acctest.Env, config map[string]any, summary, at string, details ...string) map[string]any {
	t.Helper()
	attributes, diags := env.Driver(t).ReadData(t.Context(), dropdownType, config)
	if len(diags) != 1 || diags.HasError() || diags[0].Summary != summary || diags[0].Path != at {
		t.Fatalf("want one warning %q at %s, got:\n%s", summary, at, diags)
	}
	for _, detail := range details {
		if !strings.Contains(diags[0].Detail, detail) {
			t.Errorf("the warning lacks %q: %s", detail, diags[0].Detail)
		}
	}
	return attributes
}

func TestDropdownOptionsWithoutTheParent(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	row, account := sheetsRow(t, env)
	attributes := warned(t, env, map[string]any{"trigger_id": row.ID, "key": "worksheet", "account_id": account, "values": map[string]any{"spreadsheet": ""}},
		"No choices yet", "values", `depend on "spreadsheet"`, "Set the other option in values")
	if !reflect.DeepEqual(attributes["choices"], []any{}) || !reflect.DeepEqual(attributes["by_label"], map[string]any{}) {
		t.Errorf("without the parent there are %v, %v", attributes["choices"], attributes["by_label"])
	}
}

func TestDropdownOptionsLeaveAmbiguousLabelsOut(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	row, account := sheetsRow(t, env)
	env.Sim.AddFault(simulator.Fault{
		Operation: "list_dropdown_options", Kind: simulator.FaultMalformedBody,
		Body: `{"success":true,"data":[{"label":"Twice","value":"1"},{"label":"Once","value":"2"},{"label":"Twice","value":"3"},{"label":"Same","value":"4"},{"label":"Same","value":"4"}]}`,
	})
	attributes := warned(t, env, map[string]any{"trigger_id": row.ID, "key": "spreadsheet", "account_id": account},
		"Labels are not unique", "by_label", `"Twice"`)
	if want := map[string]any{"Once": "2", "Same": "4"}; !reflect.DeepEqual(attributes["by_label"], want) {
		t.Errorf("by_label is %v, want %v", attributes["by_label"], want)
	}
	if got := texts(t, attributes["choices"], "value"); !slices.Equal(got, []string{"1", "2", "3", "4", "4"}) {
		t.Errorf("choices are %q", got)
	}
}
