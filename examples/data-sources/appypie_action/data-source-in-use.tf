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

data "appypie_action" "call" {
  id = data.appypie_popular_match.hourly.actions[0].action_id
}

locals {
  # The choices of the options that are the same for every account.
  choices = { for field in data.appypie_action.call.fields : field.key => field.choices[*].value }
}

resource "appypie_connect" "ping" {
  name             = "Hourly ping"
  popular_match_id = data.appypie_popular_match.hourly.id

  trigger = { options = { minute = "00" } }

  # A required option that is forgotten here stays empty, and the plan names it.
  actions = [{
    options = merge(
      provider::appypie::option_skeleton(data.appypie_action.call.fields),
      {
        url    = "https://hooks.example.com/ping"
        method = contains(local.choices["method"], "PUT") ? "PUT" : "POST"
      },
    )
  }]
}
