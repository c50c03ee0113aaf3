data "appypie_profile" "me" {}
