data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_app" "hubspot" {
  name = "HubSpot"
}

# Give the title too, because other popular matches may join the same apps.
data "appypie_popular_match" "sheets_to_hubspot" {
  trigger_app_id = data.appypie_app.sheets.id
  action_app_id  = data.appypie_app.hubspot.id
  title          = "Add new Google Sheets rows to HubSpot as contacts"
}
