package catalog_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const sampleDataType = "appypie_sample_data"

// leads is a connect that is ready to be tested.
func leads(t *testing.T, env *acctest.Env) simulator.Connect {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = env.AccountID(t, "Google Sheets"), map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
		c.Actions[0].AccountID, c.Actions[0].Options = env.AccountID(t, "HubSpot"), map[string]string{"email": "{{column2}}"}
	}); err != nil {
		t.Fatal(err)
	}
	return made
}

// member is what a nested attribute holds.
func member(t *testing.T, from any, name string) any {
	t.Helper()
	members, ok := from.(map[string]any)
	if !ok {
		t.Fatalf("%v is no object with %s", from, name)
	}
	return members[name]
}

// TestSampleData: the last test is shown, whoever ran it, by services of all
// dialects; a connect that was never tested has none.
func TestSampleData(t *testing.T) {
	t.Parallel()
	for _, spoken := range []simulator.Dialect{simulator.DialectContract, simulator.DialectRPC, simulator.DialectREST} {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			env := newEnv(t, acctest.WithDialect(spoken))
			connect := leads(t, env)
			nothing := map[string]any{"keys": []any{}, "labels": map[string]any{}, "values": map[string]any{}}
			acctest.DataCase{
				Type: sampleDataType, Config: map[string]any{"connect_id": connect.ID},
				Want: map[string]any{"tested_at": nil, "trigger": nothing, "actions": []any{nothing}},
			}.Run(t, env)
			if _, err := env.Client(t).Apply(t.Context(), connect.ID, nil, connectapi.Change{Test: true}); err != nil {
				t.Fatal(err)
			}
			env.ResetJournal()
			acctest.DataCase{
				Type: sampleDataType, Config: map[string]any{"connect_id": connect.ID},
				Check: func(t *testing.T, attributes map[string]any) {
					t.Helper()
					trigger := attributes["trigger"]
					keys, _ := member(t, trigger, "keys").([]any)
					if len(keys) != 7 || member(t, member(t, trigger, "values"), "column2") != "ada@example.com" || member(t, member(t, trigger, "labels"), "column2") != "Email" {
						t.Errorf("the trigger shows %v", trigger)
					}
					actions, _ := attributes["actions"].([]any)
					if len(actions) != 1 || member(t, member(t, actions[0], "values"), "email") != "{{column2}}" || attributes["tested_at"] == nil {
						t.Errorf("got %v", attributes)
					}
				},
			}.Run(t, env)
			if got := len(env.Requests("run_test")); got != 0 {
				t.Errorf("reading ran %d tests", got)
			}
		})
	}
}

func TestSampleDataFailures(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	for name, test := range map[string]acctest.DataCase{
		"an unknown connect": {Config: map[string]any{"connect_id": unknownID}, Summary: "Cannot read the connect " + unknownID, Path: "connect_id"},
		"a malformed id":     {Config: map[string]any{"connect_id": "a b"}, Summary: "Invalid Attribute Value Match", Path: "connect_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = sampleDataType
			test.Run(t, env)
		})
	}
}

// TestAccSampleData: keys can be printed, values cannot.
func TestAccSampleData(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	connect := leads(t, env)
	if _, err := env.Client(t).Apply(t.Context(), connect.ID, nil, connectapi.Change{Test: true}); err != nil {
		t.Fatal(err)
	}
	const address = "data.appypie_sample_data.leads"
	values := tfjsonpath.New("trigger").AtMapKey("values")
	env.Test(t, resource.TestStep{
		Config: env.Config(`
			data "appypie_sample_data" "leads" { connect_id = "` + connect.ID + `" }
			output "keys" { value = data.appypie_sample_data.leads.trigger.keys }`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("keys", knownvalue.ListPartial(map[int]knownvalue.Check{3: knownvalue.StringExact("column2")})),
			statecheck.ExpectKnownValue(address, values.AtMapKey("column2"), knownvalue.StringExact("ada@example.com")),
			statecheck.ExpectSensitiveValue(address, values),
			statecheck.ExpectSensitiveValue(address, tfjsonpath.New("actions").AtSliceIndex(0).AtMapKey("values")),
		},
	})
}
