data "appypie_category" "crm" {
  name = "CRM"
}

data "appypie_apps" "crm" {
  category_id = data.appypie_category.crm.id
}
