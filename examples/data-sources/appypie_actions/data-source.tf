data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_actions" "of_slack" {
  app_id = data.appypie_app.slack.id
}
