data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_triggers" "hubspot" {
  app_id = data.appypie_app.hubspot.id
}
