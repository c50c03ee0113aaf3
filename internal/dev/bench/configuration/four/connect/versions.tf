terraform {
  required_providers {
    appypie = { source = "appypie-community/appypie" }
  }
}
