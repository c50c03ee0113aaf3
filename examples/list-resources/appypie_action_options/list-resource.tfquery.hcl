# `terraform query` lists every action of every connect. The limit counts actions.
list "appypie_action_options" "all" {
  provider         = appypie
  include_resource = true
  limit            = 1000
}
