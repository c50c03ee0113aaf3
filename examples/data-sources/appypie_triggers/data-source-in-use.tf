data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_triggers" "about_contacts" {
  app_id = data.appypie_app.hubspot.id
  text   = "contact"
}

# The triggers that mention contacts, with their options.
output "triggers_about_contacts" {
  value = {
    for trigger in data.appypie_triggers.about_contacts.triggers : trigger.name => trigger.fields[*].key
  }
}
