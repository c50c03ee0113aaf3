variable "number" {
  type = number
}

variable "match" {
  type = string
}

variable "minute" {
  type = string
}

resource "appypie_connect" "this" {
  name             = "Heartbeat ${var.number}"
  popular_match_id = var.match
}

resource "appypie_trigger_options" "this" {
  connect_id = appypie_connect.this.id
  options    = { minute = var.minute }
}

resource "appypie_action_options" "this" {
  connect_id = appypie_connect.this.id
  options = {
    url     = "https://hooks.example.com/${var.number}"
    payload = "minute ${var.minute}"
  }
}

resource "appypie_connect_activation" "this" {
  connect_id = appypie_connect.this.id
  revisions  = [appypie_trigger_options.this.revision, appypie_action_options.this.revision]
}
