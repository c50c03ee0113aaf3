data "appypie_app" "stripe" {
  name = "Stripe"
}

data "appypie_app" "zendesk" {
  name = "Zendesk"
}

# Give the name too, because several accounts of the app are connected.
data "appypie_connected_account" "stripe" {
  app_id = data.appypie_app.stripe.id
  name   = "Stripe live"

  lifecycle {
    postcondition {
      condition     = self.status != "expired"
      error_message = "The Stripe account has expired. Connect it again in the service."
    }
  }
}

data "appypie_connected_account" "zendesk" {
  app_id = data.appypie_app.zendesk.id
}

data "appypie_popular_match" "expired_cards" {
  trigger_app_id = data.appypie_app.stripe.id
  action_app_id  = data.appypie_app.zendesk.id
}

resource "appypie_connect" "expired_cards" {
  name             = "Expired card to support ticket"
  popular_match_id = data.appypie_popular_match.expired_cards.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.stripe.id
    options    = { reason = "expired_card" }
  }

  actions = [{
    account_id = data.appypie_connected_account.zendesk.id
    options = {
      subject         = "The card of {{customer_email}} has expired"
      comment         = "Ask for a new card before {{payment_id}} is tried again."
      requester_email = "{{customer_email}}"
    }
  }]
}
