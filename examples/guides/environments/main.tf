terraform {
  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

variable "profile" {
  description = "The login of this environment: appypie login --profile NAME."
  type        = string
}

variable "slack_account" {
  description = "Name of the connected Slack account."
  type        = string
}

variable "enabled" {
  description = "Whether the connects of this environment are on."
  type        = bool
}

provider "appypie" {
  profile = var.profile
}

data "appypie_app" "all" {
  for_each = toset(["Schedule by Connect", "Slack"])
  name     = each.key
}

data "appypie_popular_match" "hourly_message" {
  trigger_app_id = data.appypie_app.all["Schedule by Connect"].id
  action_app_id  = data.appypie_app.all["Slack"].id
  title          = "Send Slack messages every hour"
}

data "appypie_action" "message" {
  app_id = data.appypie_app.all["Slack"].id
  name   = "Send Channel Message"
}

data "appypie_connected_account" "slack" {
  app_id = data.appypie_app.all["Slack"].id
  name   = var.slack_account
}

data "appypie_dropdown_options" "channels" {
  action_id  = data.appypie_action.message.id
  account_id = data.appypie_connected_account.slack.id
  key        = "channel"
}

resource "appypie_connect" "chime" {
  name             = "Hourly chime (${terraform.workspace})"
  popular_match_id = data.appypie_popular_match.hourly_message.id
  enabled          = var.enabled

  trigger = { options = { minute = "00" } }
  actions = [{
    account_id = data.appypie_connected_account.slack.id
    options = {
      channel = data.appypie_dropdown_options.channels.by_label["general"]
      text    = "It is {{time}}."
    }
  }]
}
