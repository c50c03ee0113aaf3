data "appypie_app" "stripe" {
  name = "Stripe"
}

data "appypie_app" "zendesk" {
  name = "Zendesk"
}

data "appypie_connected_account" "stripe" {
  app_id = data.appypie_app.stripe.id
  name   = "Stripe live"
}

data "appypie_popular_match" "failed_payments" {
  trigger_app_id = data.appypie_app.stripe.id
  action_app_id  = data.appypie_app.zendesk.id
}

resource "appypie_connect" "failed_payments" {
  name             = "Failed payment to support ticket"
  popular_match_id = data.appypie_popular_match.failed_payments.id
}

resource "appypie_trigger_options" "failed_payments" {
  connect_id = appypie_connect.failed_payments.id
  account_id = data.appypie_connected_account.stripe.id
  options    = { reason = "card_declined" }

  # A live connect is off while its trigger is written.
  pause_during_update = true

  timeouts = {
    create = "2m"
    update = "2m"
  }
}
