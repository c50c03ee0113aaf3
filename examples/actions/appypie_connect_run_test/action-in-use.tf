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

resource "appypie_connect" "hourly" {
  name             = "Hourly report, tested by an action"
  popular_match_id = data.appypie_popular_match.hourly.id

  trigger = { options = { minute = "45" } }
  actions = [{ options = { url = "https://reports.example.com/hourly" } }]
}

# The action has a trigger of its own: since Terraform 1.16 an action that refers
# to the resource that triggers it draws a warning. A failed test fails the apply,
# and the connect exists as it was written.
resource "terraform_data" "written" {
  input = [appypie_connect.hourly.id, appypie_connect.hourly.trigger, appypie_connect.hourly.actions]

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.appypie_connect_run_test.hourly]
    }
  }
}

action "appypie_connect_run_test" "hourly" {
  config {
    connect_id = appypie_connect.hourly.id
    timeout    = "2m"
  }
}
