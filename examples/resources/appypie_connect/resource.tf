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

resource "appypie_connect" "heartbeat" {
  name             = "Hourly heartbeat"
  popular_match_id = data.appypie_popular_match.hourly.id
  enabled          = true

  trigger = { options = { minute = "30" } }
  actions = [{ options = { url = "https://hooks.example.com/heartbeat" } }]
}
