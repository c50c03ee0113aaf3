data "appypie_category" "crm" {
  name = "CRM"
}

data "appypie_apps" "contacts" {
  category_id = data.appypie_category.crm.id
  text        = "contacts"
}

# Which of them has an account of ours?
data "appypie_connected_accounts" "contacts" {
  for_each = { for app in data.appypie_apps.contacts.apps : app.name => app.id }
  app_id   = each.value
}

output "accounts_of_crm_apps" {
  value = { for app, found in data.appypie_connected_accounts.contacts : app => found.connected_accounts[*].name }
}
