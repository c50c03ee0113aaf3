data "appypie_app" "schedule" {
  name = "Schedule by Connect"
}

data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_popular_match" "hourly" {
  trigger_app_id = data.appypie_app.schedule.id
  action_app_id  = data.appypie_app.slack.id
  title          = "Send Slack messages every hour"
}

data "appypie_connected_accounts" "slack" {
  app_id = data.appypie_app.slack.id
}

locals {
  workspaces = { for account in data.appypie_connected_accounts.slack.connected_accounts : account.name => account.id }
}

data "appypie_dropdown_options" "channels" {
  for_each   = local.workspaces
  action_id  = data.appypie_popular_match.hourly.actions[0].action_id
  account_id = each.value
  key        = "channel"
}

# The same connect for every workspace.
resource "appypie_connect" "chime" {
  for_each         = local.workspaces
  name             = "Hourly chime in the ${each.key}"
  popular_match_id = data.appypie_popular_match.hourly.id
  enabled          = true

  trigger = { options = { minute = "00" } }

  actions = [{
    account_id = each.value
    options = {
      channel = data.appypie_dropdown_options.channels[each.key].by_label["general"]
      text    = "It is {{time}}."
    }
  }]
}
