terraform {
  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

# The credentials come from the environment: APPYPIE_CLIENT_ID,
# APPYPIE_CLIENT_SECRET and APPYPIE_REFRESH_TOKEN.
provider "appypie" {
  max_requests_per_second = 5
}
