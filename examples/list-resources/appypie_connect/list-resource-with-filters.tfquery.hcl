# A connect must pass all filters. `bare` leaves trigger, actions and switch to
# the resources that the other three list resources find.
list "appypie_connect" "live_leads" {
  provider         = appypie
  include_resource = true

  config {
    text    = "leads"
    enabled = true
    bare    = true
  }
}
