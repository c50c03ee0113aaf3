terraform {
  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

# The credentials come from the environment: APPYPIE_CLIENT_ID,
# APPYPIE_CLIENT_SECRET and APPYPIE_REFRESH_TOKEN, or from a stored login.
provider "appypie" {}

# What is to be joined, by the names that the catalog shows.
data "appypie_app" "stripe" {
  name = "Stripe"
}

data "appypie_app" "zendesk" {
  name = "Zendesk"
}

data "appypie_popular_match" "failed_payments" {
  trigger_app_id = data.appypie_app.stripe.id
  action_app_id  = data.appypie_app.zendesk.id
}

# The accounts that someone connected in a browser.
data "appypie_connected_account" "stripe" {
  app_id = data.appypie_app.stripe.id
  name   = "Stripe live"
}

data "appypie_connected_account" "zendesk" {
  app_id = data.appypie_app.zendesk.id
  name   = "support@example.com"
}

# It is created off, configured, and turned on last of all.
resource "appypie_connect" "failed_payments" {
  name             = "Failed payment to support ticket"
  popular_match_id = data.appypie_popular_match.failed_payments.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.stripe.id
    options    = { reason = "card_declined" }
  }

  # One entry for each action of the popular match, in its order.
  actions = [{
    account_id = data.appypie_connected_account.zendesk.id
    options = {
      subject         = "Payment {{payment_id}} failed"
      comment         = "The card of {{customer_email}} was declined."
      requester_email = "{{customer_email}}"
      priority        = "high"
    }
  }]
}
