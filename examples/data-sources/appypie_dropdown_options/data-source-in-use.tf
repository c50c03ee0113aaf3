data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_connected_account" "sheets" {
  app_id = data.appypie_app.sheets.id
  name   = "sales@example.com"
}

data "appypie_connected_account" "hubspot" {
  app_id = data.appypie_app.hubspot.id
  name   = "sales@example.com"
}

data "appypie_popular_match" "leads" {
  trigger_app_id = data.appypie_app.sheets.id
  action_app_id  = data.appypie_app.hubspot.id
  title          = "Add new Google Sheets rows to HubSpot as contacts"
}

data "appypie_dropdown_options" "spreadsheets" {
  trigger_id = data.appypie_popular_match.leads.trigger.trigger_id
  account_id = data.appypie_connected_account.sheets.id
  key        = "spreadsheet"
}

# The worksheets are those of one spreadsheet.
data "appypie_dropdown_options" "worksheets" {
  trigger_id = data.appypie_popular_match.leads.trigger.trigger_id
  account_id = data.appypie_connected_account.sheets.id
  key        = "worksheet"
  values = {
    spreadsheet = data.appypie_dropdown_options.spreadsheets.by_label["Leads 2026"]
  }
}

data "appypie_dropdown_options" "lists" {
  action_id  = data.appypie_popular_match.leads.actions[0].action_id
  account_id = data.appypie_connected_account.hubspot.id
  key        = "list"
}

# The names that people see, the values that the apps want.
resource "appypie_connect" "leads" {
  name             = "New inbound lead to the newsletter"
  popular_match_id = data.appypie_popular_match.leads.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.sheets.id
    options = {
      spreadsheet = data.appypie_dropdown_options.spreadsheets.by_label["Leads 2026"]
      worksheet   = data.appypie_dropdown_options.worksheets.by_label["Inbound"]
    }
  }

  actions = [{
    account_id = data.appypie_connected_account.hubspot.id
    options = {
      email = "{{column2}}"
      list  = data.appypie_dropdown_options.lists.by_label["Newsletter"]
    }
  }]
}
