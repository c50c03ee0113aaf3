data "appypie_category" "crm" {
  seo_link = "crm"
}

data "appypie_apps" "crm" {
  category_id = data.appypie_category.crm.id
}

output "crm_apps" {
  value = data.appypie_apps.crm.apps[*].name
}
