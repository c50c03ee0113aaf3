data "appypie_app" "schedule" {
  name = "Schedule by Connect"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

# A popular match with two actions. Neither app needs a connected account.
data "appypie_popular_match" "weekly" {
  trigger_app_id = data.appypie_app.schedule.id
  action_app_id  = data.appypie_app.webhooks.id
  title          = "Call two webhooks every week"
}

resource "appypie_connect" "weekly" {
  name             = "Weekly report"
  popular_match_id = data.appypie_popular_match.weekly.id
}

# A connect with a single action needs no position.
resource "appypie_action_options" "build" {
  connect_id = appypie_connect.weekly.id
  position   = 1
  options    = { url = "https://hooks.example.com/build-report" }
}

resource "appypie_action_options" "publish" {
  connect_id = appypie_connect.weekly.id
  position   = 2
  options = {
    url    = "https://hooks.example.com/publish-report"
    method = "POST"
  }

  # The connect may stay on while this step is written.
  pause_during_update = false

  timeouts = {
    update = "2m"
  }
}
