data "appypie_app" "sheets" {
  seo_link = "google-sheets"
}

data "appypie_app" "slack" {
  name = "Slack"
}
