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
