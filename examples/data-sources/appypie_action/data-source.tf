data "appypie_app" "mailchimp" {
  name = "Mailchimp"
}

data "appypie_action" "subscribe" {
  app_id = data.appypie_app.mailchimp.id
  name   = "Add Subscriber"
}
