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
