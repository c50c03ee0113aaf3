terraform {
  # Write-only attributes.
  required_version = ">= 1.11"

  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

provider "appypie" {}

variable "signing_secret" {
  description = "Signs what the webhook receives."
  type        = string
  ephemeral   = true
}

data "appypie_app" "rss" {
  name = "RSS by Connect"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

data "appypie_popular_match" "news" {
  trigger_app_id = data.appypie_app.rss.id
  action_app_id  = data.appypie_app.webhooks.id
}

resource "appypie_connect" "news" {
  name             = "Signed news"
  popular_match_id = data.appypie_popular_match.news.id
  enabled          = true

  trigger = { options = { feed_url = "https://blog.example.com/feed.xml" } }

  actions = [{
    options    = { url = "https://hooks.example.com/signed-news" }
    secrets_wo = { signing_secret = var.signing_secret }
  }]
  secrets_wo_version = 1
}
