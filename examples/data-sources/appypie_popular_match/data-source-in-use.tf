data "appypie_app" "schedule" {
  name = "Schedule by Connect"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

# Give the title too, because other popular matches join the same apps.
data "appypie_popular_match" "weekly" {
  trigger_app_id = data.appypie_app.schedule.id
  action_app_id  = data.appypie_app.webhooks.id
  title          = "Call two webhooks every week"
}

data "appypie_dropdown_options" "time_zones" {
  trigger_id = data.appypie_popular_match.weekly.trigger.trigger_id
  key        = "time_zone"
}

data "appypie_dropdown_options" "hours" {
  trigger_id = data.appypie_popular_match.weekly.trigger.trigger_id
  key        = "hour"
  values     = { time_zone = data.appypie_dropdown_options.time_zones.by_label["UTC"] }
}

# The popular match decides the steps: its trigger, then its actions in their order.
resource "appypie_connect" "backup" {
  name             = "Weekly backup"
  popular_match_id = data.appypie_popular_match.weekly.id
  enabled          = true

  trigger = {
    options = {
      day       = "sunday"
      time_zone = data.appypie_dropdown_options.time_zones.by_label["UTC"]
      hour      = data.appypie_dropdown_options.hours.choices[0].value
    }
  }

  actions = [
    { options = { url = "https://hooks.example.com/backup/start" } },
    { options = { url = "https://hooks.example.com/backup/check" } },
  ]
}
