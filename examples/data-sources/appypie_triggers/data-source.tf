data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_triggers" "about_contacts" {
  app_id = data.appypie_app.hubspot.id
  text   = "contact"
}
