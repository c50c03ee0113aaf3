data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_connected_accounts" "slack" {
  app_id = data.appypie_app.slack.id
}

output "slack_accounts" {
  value = { for account in data.appypie_connected_accounts.slack.connected_accounts : account.id => account.name }
}
