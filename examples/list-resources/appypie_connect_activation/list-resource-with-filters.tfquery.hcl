# The filters are about the connect: this finds those that are on.
list "appypie_connect_activation" "live_leads" {
  provider         = appypie
  include_resource = true

  config {
    text    = "leads"
    enabled = true
  }
}
