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
  name             = "Hourly report, turned on by an action"
  popular_match_id = data.appypie_popular_match.hourly.id

  trigger = { options = { minute = "15" } }
  actions = [{ options = { url = "https://reports.example.com/hourly" } }]
}

# A new connect is turned on once. Its resource does not manage the switch, so a
# person may turn it off later and no plan turns it on again. The action has a
# trigger of its own: since Terraform 1.16 an action that refers to the resource
# that triggers it draws a warning.
resource "terraform_data" "made" {
  input = appypie_connect.hourly.id

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.appypie_connect_turn_on.hourly]
    }
  }
}

# By hand: terraform apply -invoke=action.appypie_connect_turn_on.hourly
action "appypie_connect_turn_on" "hourly" {
  config {
    connect_id = appypie_connect.hourly.id
  }
}
