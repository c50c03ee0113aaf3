# All apps of a configuration at once, by the slugs of their pages.
data "appypie_app" "all" {
  for_each = toset(["google-sheets", "hubspot", "slack"])
  seo_link = each.key
}

data "appypie_popular_match" "leads" {
  trigger_app_id = data.appypie_app.all["google-sheets"].id
  action_app_id  = data.appypie_app.all["hubspot"].id
  title          = "Add new Google Sheets rows to HubSpot as contacts"
}

resource "appypie_connect" "leads" {
  name             = "Leads, still to be configured"
  popular_match_id = data.appypie_popular_match.leads.id
}
