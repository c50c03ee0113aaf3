data "appypie_categories" "all" {}

output "categories" {
  value = data.appypie_categories.all.categories[*].name
}
