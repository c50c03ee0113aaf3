data "appypie_app" "slack" {
  name = "Slack"
}
