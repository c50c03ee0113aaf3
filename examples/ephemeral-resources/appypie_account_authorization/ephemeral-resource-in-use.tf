data "appypie_app" "hubspot" {
  name = "HubSpot"
}

# A link for the person whose account the connects are to use. It is in no state
# and no plan, and a new one is made for each plan and each apply.
ephemeral "appypie_account_authorization" "hubspot" {
  app_id       = data.appypie_app.hubspot.id
  callback_url = "https://automation.example.com/accounts/connected"
}

# An ephemeral value may go wherever Terraform allows one: into a provisioner, the
# configuration of another provider, a write-only attribute.
locals {
  invitation = "Please connect your HubSpot account: ${ephemeral.appypie_account_authorization.hubspot.url}"
}
