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
  name             = "Feed to webhook"
  popular_match_id = data.appypie_popular_match.news.id
}

resource "appypie_trigger_options" "news" {
  connect_id = appypie_connect.news.id
  options    = { feed_url = "https://blog.example.com/feed.xml" }
}

resource "appypie_action_options" "news" {
  connect_id = appypie_connect.news.id
  options    = { url = "https://hooks.example.com/news" }
}

variable "live" {
  description = "Whether new items are posted. One environment may keep its connects off."
  type        = bool
  default     = true
}

# The revisions order the switch after the options, and have a changed connect
# tested again. A test acts for real: it calls the webhook once.
resource "appypie_connect_activation" "news" {
  connect_id = appypie_connect.news.id
  enabled    = var.live
  run_test   = true
  revisions  = [appypie_trigger_options.news.revision, appypie_action_options.news.revision]

  timeouts = {
    create = "5m"
    update = "5m"
  }
}
