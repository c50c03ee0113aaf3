data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_actions" "messages" {
  app_id = data.appypie_app.slack.id
  text   = "message"
}

# What each of these actions needs before a connect with it can be turned on.
output "required_options_of_slack_messages" {
  value = {
    for action in data.appypie_actions.messages.actions :
    action.name => [for field in action.fields : field.key if field.required]
  }
}
