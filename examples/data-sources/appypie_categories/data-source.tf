data "appypie_categories" "all" {}
