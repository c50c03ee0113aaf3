terraform {
  required_version = ">= 1.8"

  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}
