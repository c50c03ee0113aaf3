data "appypie_app" "mailchimp" {
  name = "Mailchimp"
}

# The only account of the app.
data "appypie_connected_account" "mailchimp" {
  app_id = data.appypie_app.mailchimp.id
}
