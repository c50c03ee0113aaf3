# Connects in one resource.
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

resource "appypie_connect" "many" {
  count            = var.connects
  name             = "Heartbeat ${count.index}"
  popular_match_id = var.match
  enabled          = true
  trigger          = { options = { minute = var.minute } }
  actions = [{
    options = {
      url     = "https://hooks.example.com/${count.index}"
      payload = "minute ${var.minute}"
    }
  }]
}
