data "appypie_connects" "all" {}
