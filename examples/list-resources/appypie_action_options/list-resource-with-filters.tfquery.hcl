# The filters are about the connect: this finds the actions of live ones.
list "appypie_action_options" "live_leads" {
  provider         = appypie
  include_resource = true

  config {
    text    = "leads"
    enabled = true
  }
}
