# What the next frozen state is made of: every resource, with everything that a
# state can hold. Folders beside this file are frozen and never change.

variable "every_option" {
  description = "Without it the configuration of the imported connect leaves out an option that the service has."
  type        = bool
  default     = true
}

data "appypie_app" "all" {
  for_each = toset(["RSS by Connect", "Schedule by Connect", "Stripe", "Webhooks", "Zendesk"])
  name     = each.key
}

data "appypie_connected_account" "stripe" {
  app_id = data.appypie_app.all["Stripe"].id
  name   = "Stripe live"
}

data "appypie_connected_account" "zendesk" {
  app_id = data.appypie_app.all["Zendesk"].id
  name   = "support@example.com"
}

data "appypie_popular_match" "failed_payments" {
  trigger_app_id = data.appypie_app.all["Stripe"].id
  action_app_id  = data.appypie_app.all["Zendesk"].id
}

data "appypie_popular_match" "news" {
  trigger_app_id = data.appypie_app.all["RSS by Connect"].id
  action_app_id  = data.appypie_app.all["Webhooks"].id
}

data "appypie_popular_match" "hourly" {
  trigger_app_id = data.appypie_app.all["Schedule by Connect"].id
  action_app_id  = data.appypie_app.all["Webhooks"].id
  title          = "Call a webhook every hour"
}

# A whole connect in one block: accounts, options, a secret, and every setting.
resource "appypie_connect" "failed_payments" {
  name                = "Failed payment to support ticket"
  popular_match_id    = data.appypie_popular_match.failed_payments.id
  enabled             = true
  run_test            = true
  pause_during_update = false
  deletion_policy     = "turn_off"

  trigger = {
    account_id = data.appypie_connected_account.stripe.id
    options    = { reason = "card_declined" }
  }

  actions = [{
    account_id = data.appypie_connected_account.zendesk.id
    options = {
      subject         = "Payment {{payment_id}} failed"
      comment         = "The card of {{customer_email}} was declined."
      requester_email = "{{customer_email}}"
      priority        = "high"
    }
  }]

  timeouts = {
    create = "5m"
    delete = "1m"
  }
}

resource "appypie_connect" "news" {
  name             = "Signed news"
  popular_match_id = data.appypie_popular_match.news.id

  trigger = { options = { feed_url = "https://blog.example.com/feed.xml" } }

  actions = [{
    options    = { url = "https://hooks.example.com/signed-news" }
    secrets_wo = { signing_secret = "no secret of anyone" }
  }]
  secrets_wo_version = 1
}

# Made by hand and imported: its private state says so.
resource "appypie_connect" "imported" {
  name             = "Made by hand"
  popular_match_id = data.appypie_popular_match.hourly.id
  enabled          = false
  trigger          = { options = { minute = "30" } }

  actions = [{
    options = merge(
      { url = "https://hooks.example.com/by-hand" },
      { method = var.every_option ? "POST" : null },
    )
  }]
}

# One connect in four resources.
resource "appypie_connect" "parts" {
  name             = "Hourly, in parts"
  popular_match_id = data.appypie_popular_match.hourly.id
}

resource "appypie_trigger_options" "parts" {
  connect_id = appypie_connect.parts.id
  options    = { minute = "15" }
  timeouts   = { update = "2m" }
}

resource "appypie_action_options" "parts" {
  connect_id = appypie_connect.parts.id
  position   = 1
  options = {
    url    = "https://hooks.example.com/parts"
    method = "POST"
  }
}

resource "appypie_connect_activation" "parts" {
  connect_id = appypie_connect.parts.id
  run_test   = true
  revisions = [
    appypie_trigger_options.parts.revision,
    appypie_action_options.parts.revision,
  ]
}
