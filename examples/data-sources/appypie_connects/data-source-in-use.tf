data "appypie_app" "slack" {
  name = "Slack"
}

# Every connect that uses Slack and is off.
data "appypie_connects" "paused" {
  app_id  = data.appypie_app.slack.id
  enabled = false
}

output "paused" {
  value = { for connect in data.appypie_connects.paused.connects : connect.id => connect.name }
}
