data "appypie_app" "mailchimp" {
  name = "Mailchimp"
}

data "appypie_action" "subscribe" {
  app_id = data.appypie_app.mailchimp.id
  name   = "Add Subscriber"
}

# The choices of the options that are the same for every account.
output "static_choices_of_a_subscriber" {
  value = {
    for field in data.appypie_action.subscribe.fields : field.key => field.choices[*].value
    if length(field.choices) > 0
  }
}
