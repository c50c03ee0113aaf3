data "appypie_apps" "all" {}
