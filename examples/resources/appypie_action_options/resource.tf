data "appypie_app" "schedule" {
  name = "Schedule by Connect"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

data "appypie_popular_match" "hourly" {
  trigger_app_id = data.appypie_app.schedule.id
  action_app_id  = data.appypie_app.webhooks.id
  title          = "Call a webhook every hour"
}

resource "appypie_connect" "report" {
  name             = "Hourly report"
  popular_match_id = data.appypie_popular_match.hourly.id
}

# A connect with a single action needs no position.
resource "appypie_action_options" "report" {
  connect_id = appypie_connect.report.id
  options    = { url = "https://hooks.example.com/report" }
}
