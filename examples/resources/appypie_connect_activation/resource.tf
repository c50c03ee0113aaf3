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
  name             = "Hourly report, switched on its own"
  popular_match_id = data.appypie_popular_match.hourly.id

  trigger = { options = { minute = "00" } }
  actions = [{ options = { url = "https://hooks.example.com/report" } }]
}

resource "appypie_connect_activation" "report" {
  connect_id = appypie_connect.report.id
}
