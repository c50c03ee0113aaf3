data "appypie_app" "hubspot" {
  name = "HubSpot"
}

# Give the name too, because several accounts of the app are connected.
data "appypie_connected_account" "sales" {
  app_id = data.appypie_app.hubspot.id
  name   = "sales@example.com"

  lifecycle {
    postcondition {
      condition     = self.status != "expired"
      error_message = "The HubSpot account has expired. Connect it again in the service."
    }
  }
}
