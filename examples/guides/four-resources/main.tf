terraform {
  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

provider "appypie" {}

data "appypie_app" "stripe" {
  name = "Stripe"
}

data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_connected_account" "stripe" {
  app_id = data.appypie_app.stripe.id
  name   = "Stripe live"
}

data "appypie_connected_account" "hubspot" {
  app_id = data.appypie_app.hubspot.id
  name   = "sales@example.com"
}

data "appypie_popular_match" "subscribers" {
  trigger_app_id = data.appypie_app.stripe.id
  action_app_id  = data.appypie_app.hubspot.id
}

# enabled, trigger and actions are left out, so this resource does not manage
# them.
resource "appypie_connect" "subscribers" {
  name             = "New subscriber to CRM contact"
  popular_match_id = data.appypie_popular_match.subscribers.id
}

resource "appypie_trigger_options" "subscribers" {
  connect_id = appypie_connect.subscribers.id
  account_id = data.appypie_connected_account.stripe.id
}

resource "appypie_action_options" "subscribers" {
  connect_id = appypie_connect.subscribers.id
  account_id = data.appypie_connected_account.hubspot.id
  options = {
    email           = "{{customer_email}}"
    lifecycle_stage = "customer"
  }
}

resource "appypie_connect_activation" "subscribers" {
  connect_id = appypie_connect.subscribers.id
  run_test   = true
  revisions = [
    appypie_trigger_options.subscribers.revision,
    appypie_action_options.subscribers.revision,
  ]
}
