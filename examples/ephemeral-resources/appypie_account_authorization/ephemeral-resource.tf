data "appypie_app" "hubspot" {
  name = "HubSpot"
}

ephemeral "appypie_account_authorization" "hubspot" {
  app_id       = data.appypie_app.hubspot.id
  callback_url = "https://automation.example.com/accounts/connected"
}
