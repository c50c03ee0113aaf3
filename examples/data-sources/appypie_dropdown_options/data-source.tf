data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_trigger" "new_row" {
  app_id = data.appypie_app.sheets.id
  name   = "New Spreadsheet Row"
}

data "appypie_connected_account" "sheets" {
  app_id = data.appypie_app.sheets.id
  name   = "sales@example.com"
}

data "appypie_dropdown_options" "spreadsheets" {
  trigger_id = data.appypie_trigger.new_row.id
  account_id = data.appypie_connected_account.sheets.id
  key        = "spreadsheet"
}

# The worksheets are those of one spreadsheet.
data "appypie_dropdown_options" "worksheets" {
  trigger_id = data.appypie_trigger.new_row.id
  account_id = data.appypie_connected_account.sheets.id
  key        = "worksheet"
  values = {
    spreadsheet = data.appypie_dropdown_options.spreadsheets.by_label["Leads 2026"]
  }
}

# For the options of a trigger: the names that people see, the ids that the app wants.
output "where_new_leads_arrive" {
  value = {
    spreadsheet = data.appypie_dropdown_options.spreadsheets.by_label["Leads 2026"]
    worksheet   = data.appypie_dropdown_options.worksheets.by_label["Inbound"]
  }
}
