package catalog_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// TestAccEventsAndChoices goes from the names that people see to the ids that
// options are set to.
func TestAccEventsAndChoices(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	row, account := sheetsRow(t, env)
	sheets := env.Sim.Catalog().DropdownChoices(field(t, row, "spreadsheet"), account, nil)
	worksheets := env.Sim.Catalog().DropdownChoices(field(t, row, "worksheet"), account, map[string]string{"spreadsheet": sheets[0].Value})
	const names = `
		data "appypie_app" "sheets" { name = "Google Sheets" }
		data "appypie_trigger" "row" {
		  app_id = data.appypie_app.sheets.id
		  name   = "new spreadsheet row"
		}`

	env.Test(t,
		resource.TestStep{
			Config: env.Config(names + `
				data "appypie_dropdown_options" "wrong" {
				  trigger_id = data.appypie_trigger.row.id
				  account_id = "` + account + `"
				  key        = "sheet_of_leads"
				}`),
			ExpectError: regexp.MustCompile(`(?s)No such option.*Options\s+with\s+choices:\s+spreadsheet,\s+worksheet`),
		},
		resource.TestStep{
			Config: env.Config(names + `
				data "appypie_triggers" "all" { app_id = data.appypie_app.sheets.id }
				data "appypie_actions" "rows" {
				  app_id = data.appypie_app.sheets.id
				  text   = "Create Spreadsheet Row"
				}
				data "appypie_action" "create" { id = data.appypie_actions.rows.actions[0].id }
				data "appypie_dropdown_options" "sheets" {
				  trigger_id = data.appypie_trigger.row.id
				  account_id = "` + account + `"
				  key        = "spreadsheet"
				}
				data "appypie_dropdown_options" "worksheets" {
				  trigger_id = data.appypie_trigger.row.id
				  account_id = "` + account + `"
				  key        = "worksheet"
				  values     = { spreadsheet = data.appypie_dropdown_options.sheets.by_label["` + sheets[0].Label + `"] }
				}`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.appypie_trigger.row", tfjsonpath.New("id"), knownvalue.StringExact(row.ID)),
				statecheck.ExpectKnownValue("data.appypie_triggers.all", tfjsonpath.New("triggers").AtSliceIndex(0).AtMapKey("fields").AtSliceIndex(1).AtMapKey("depends_on"),
					knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("spreadsheet")})),
				statecheck.ExpectKnownValue("data.appypie_action.create", tfjsonpath.New("name"), knownvalue.StringExact("Create Spreadsheet Row")),
				statecheck.ExpectKnownValue("data.appypie_dropdown_options.worksheets", tfjsonpath.New("by_label").AtMapKey(worksheets[0].Label), knownvalue.StringExact(worksheets[0].Value)),
			},
		})
}
