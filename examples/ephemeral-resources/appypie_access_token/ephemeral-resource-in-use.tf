# A token for other programs that call the API. It is in no state and no plan.
ephemeral "appypie_access_token" "this" {}

# An ephemeral value may go wherever Terraform allows one: into the configuration
# of another provider, a provisioner, a write-only attribute.
locals {
  headers = {
    Authorization = "Bearer ${ephemeral.appypie_access_token.this.access_token}"
  }
}
