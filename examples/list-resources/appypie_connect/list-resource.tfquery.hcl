# `terraform query` lists every connect. With -generate-config-out=connects.tf it
# also writes a resource and an import block for each.
list "appypie_connect" "all" {
  provider         = appypie
  include_resource = true
  limit            = 1000
}
