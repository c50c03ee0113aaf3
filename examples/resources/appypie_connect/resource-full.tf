variable "signing_secret" {
  description = "Signs what the webhook receives. It is in no plan and no state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

data "appypie_app" "typeform" {
  name = "Typeform"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

data "appypie_popular_match" "demo_requests" {
  trigger_app_id = data.appypie_app.typeform.id
  action_app_id  = data.appypie_app.webhooks.id
  title          = "Post new Typeform entries to a webhook"
}

data "appypie_connected_account" "typeform" {
  app_id = data.appypie_app.typeform.id
  name   = "marketing@example.com"
}

# The form by the name that people see.
data "appypie_dropdown_options" "forms" {
  trigger_id = data.appypie_popular_match.demo_requests.trigger.trigger_id
  account_id = data.appypie_connected_account.typeform.id
  key        = "form"
}

resource "appypie_connect" "demo_requests" {
  name             = "Demo request to the sales tool"
  popular_match_id = data.appypie_popular_match.demo_requests.id
  enabled          = true

  # A test acts for real: it calls the webhook once after each change.
  run_test = true

  # The connect is off while its options are written, and stays in the service,
  # turned off, when this resource is destroyed.
  pause_during_update = true
  deletion_policy     = "turn_off"

  trigger = {
    account_id = data.appypie_connected_account.typeform.id
    options    = { form = data.appypie_dropdown_options.forms.by_label["Demo Request"] }
  }

  # One entry for each action of the popular match, in its order.
  actions = [{
    options = {
      url     = "https://hooks.example.com/demo-requests"
      method  = "POST"
      payload = jsonencode({ email = "{{email}}", name = "{{full_name}}" })
    }

    # Terraform 1.11 or newer.
    secrets_wo = { signing_secret = var.signing_secret }
  }]
  # A new version has a new secret written.
  secrets_wo_version = 1

  timeouts = {
    create = "5m"
    update = "5m"
  }
}
