locals {
  webhooks = yamldecode(file("${path.module}/webhooks.yaml"))
}

data "appypie_app" "all" {
  for_each = toset(["Schedule by Connect", "Webhooks"])
  name     = each.key
}

data "appypie_popular_match" "hourly_webhook" {
  trigger_app_id = data.appypie_app.all["Schedule by Connect"].id
  action_app_id  = data.appypie_app.all["Webhooks"].id
  title          = "Call a webhook every hour"
}

resource "appypie_connect" "hourly" {
  for_each         = local.webhooks
  name             = "Hourly call of ${each.key}"
  popular_match_id = data.appypie_popular_match.hourly_webhook.id
  enabled          = true

  trigger = { options = { minute = each.value.minute } }
  actions = [{ options = { url = each.value.url, method = "POST" } }]
}
