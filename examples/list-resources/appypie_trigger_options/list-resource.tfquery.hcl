# `terraform query` lists the trigger of every connect.
list "appypie_trigger_options" "all" {
  provider         = appypie
  include_resource = true
  limit            = 1000
}
