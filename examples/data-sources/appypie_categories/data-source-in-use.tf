data "appypie_categories" "all" {}

# The apps of some categories, by the name of the category.
data "appypie_apps" "of" {
  for_each = {
    for category in data.appypie_categories.all.categories : category.name => category.id
    if contains(["CRM", "Forms"], category.name)
  }
  category_id = each.value
}

output "apps_by_category" {
  value = { for name, found in data.appypie_apps.of : name => found.apps[*].name }
}
