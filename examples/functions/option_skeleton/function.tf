data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_action" "create_contact" {
  app_id = data.appypie_app.hubspot.id
  name   = "Create contact"
}

locals {
  # An option that is required and forgotten here stays empty, and the plan of
  # the connect names it.
  options = merge(
    provider::appypie::option_skeleton(data.appypie_action.create_contact.fields),
    { email = "{{column2}}" },
  )
}
