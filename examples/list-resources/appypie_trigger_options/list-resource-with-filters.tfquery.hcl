# The filters are about the connect: this finds the triggers of live ones.
list "appypie_trigger_options" "live_leads" {
  provider         = appypie
  include_resource = true

  config {
    text    = "leads"
    enabled = true
  }
}
