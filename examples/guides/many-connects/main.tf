module "connects" {
  source   = "../../modules/connects-from-yaml"
  connects = yamldecode(file("${path.module}/connects.yaml"))
}

output "connect_ids" {
  value = module.connects.ids
}
