data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_trigger" "new_row" {
  app_id = data.appypie_app.sheets.id
  name   = "New Spreadsheet Row"
}

# Which options does a connect have to set?
output "required_options_of_a_new_row" {
  value = [for field in data.appypie_trigger.new_row.fields : field.key if field.required]
}
