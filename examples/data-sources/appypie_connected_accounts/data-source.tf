data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_connected_accounts" "slack" {
  app_id = data.appypie_app.slack.id
}
