# `terraform query` lists the switch of every connect.
list "appypie_connect_activation" "all" {
  provider         = appypie
  include_resource = true
  limit            = 1000
}
