variable "callback" {
  description = "Address that the browser ended at after a person connected an account."
  type        = string
  sensitive   = true
  default     = "https://automation.example.com/accounts/connected?t=0f8fad5bd9cb469f"
}

locals {
  callback = provider::appypie::parse_callback(var.callback)
}

# The data source appypie_connected_account takes the token as callback_token.
output "callback_token" {
  value     = local.callback.t
  sensitive = true

  precondition {
    condition     = local.callback.error == null
    error_message = "The person did not connect an account."
  }
}
