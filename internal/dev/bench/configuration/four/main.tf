# The same connects in a module each: were they plain resources with a count,
# Terraform would evaluate all connects for the id of one.
variable "connects" {
  type = number
}

variable "match" {
  type = string
}

variable "minute" {
  type    = string
  default = "15"
}

module "many" {
  source = "./connect"
  count  = var.connects
  number = count.index
  match  = var.match
  minute = var.minute
}
