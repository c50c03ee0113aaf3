# Reads, and changes nothing. Each data source that fails names its operation.

terraform {
  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

provider "appypie" {}

variable "app" {
  description = "Name of an app that an account is connected to."
  type        = string
  default     = "Slack"
}

data "appypie_profile" "me" {}

data "appypie_categories" "all" {}

data "appypie_app" "one" {
  name = var.app
}

data "appypie_app" "by_id" {
  id = data.appypie_app.one.id
}

data "appypie_connected_accounts" "one" {
  app_id = data.appypie_app.one.id
}

data "appypie_popular_matches" "one" {
  action_app_id = data.appypie_app.one.id
}

data "appypie_popular_match" "by_id" {
  for_each = toset(slice(
    data.appypie_popular_matches.one.popular_matches[*].id,
    0, min(1, length(data.appypie_popular_matches.one.popular_matches)),
  ))
  id = each.key
}

data "appypie_connects" "all" {}

output "found" {
  value = {
    profile            = data.appypie_profile.me.id
    categories         = length(data.appypie_categories.all.categories)
    app                = data.appypie_app.by_id.id
    connected_accounts = length(data.appypie_connected_accounts.one.connected_accounts)
    popular_matches    = length(data.appypie_popular_matches.one.popular_matches)
    connects           = length(data.appypie_connects.all.connects)
  }
}
