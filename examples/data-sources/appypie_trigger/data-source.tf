data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_trigger" "new_row" {
  app_id = data.appypie_app.sheets.id
  name   = "New Spreadsheet Row"
}
