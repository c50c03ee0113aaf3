data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_trigger" "new_row" {
  app_id = data.appypie_app.sheets.id
  name   = "New Spreadsheet Row"
}

# Which options does a connect have to set, and which choices depend on the account?
output "required_options_of_a_new_row" {
  value = {
    for field in data.appypie_trigger.new_row.fields :
    field.key => field.dynamic ? "ask appypie_dropdown_options" : join(", ", field.choices[*].value)
    if field.required
  }
}

# What can be made of it?
data "appypie_popular_matches" "sheets" {
  trigger_app_id = data.appypie_app.sheets.id
}

output "connects_that_start_with_a_new_row" {
  value = [
    for match in data.appypie_popular_matches.sheets.popular_matches : match.title
    if match.trigger.trigger_id == data.appypie_trigger.new_row.id
  ]
}
