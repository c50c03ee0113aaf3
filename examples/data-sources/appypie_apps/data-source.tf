data "appypie_category" "crm" {
  name = "CRM"
}

data "appypie_apps" "contacts" {
  category_id = data.appypie_category.crm.id
  text        = "contacts"
}

output "apps" {
  value = { for app in data.appypie_apps.contacts.apps : app.name => app.id }
}
