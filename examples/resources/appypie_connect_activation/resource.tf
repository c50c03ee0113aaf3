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

# The revisions order the switch after the options.
resource "appypie_connect_activation" "news" {
  connect_id = appypie_connect.news.id
  revisions  = [appypie_trigger_options.news.revision, appypie_action_options.news.revision]
}
