# A connect must pass all filters.
list "appypie_connect" "live_leads" {
  provider         = appypie
  include_resource = true

  config {
    text    = "leads"
    enabled = true
  }
}
