# Three connects from three popular matches. Credentials come from the
# environment: APPYPIE_CLIENT_ID, APPYPIE_CLIENT_SECRET, APPYPIE_REFRESH_TOKEN.

terraform {
  # Write-only attributes, which keep secrets out of plan and state.
  required_version = ">= 1.11"

  required_providers {
    appypie = {
      source = "appypie-community/appypie"
    }
  }
}

provider "appypie" {}

variable "signing_secret" {
  description = "Signs what the webhook receives. It is sent to the service and stored nowhere else."
  type        = string
  sensitive   = true
  ephemeral   = true
}

# What a drop-down offers has a value behind each label. These are the values
# that the simulator offers under the labels in the comments.
locals {
  spreadsheet = "Leads 2026"               # Leads 2026
  worksheet   = "Inbound"                  # Inbound
  list        = "eb990ec217812c9719b33282" # Newsletter
  demo_form   = "41e4b35ca4eec18504fa5f7e" # Demo Request
  help_form   = "64df598c8a7073d7f0249b2d" # Contact Us
  channel     = "006e88af5bab15f4408ae68c" # sales
}

# --- Look up what the account has -------------------------------------------

data "appypie_app" "sheets" {
  name = "Google Sheets"
}

data "appypie_app" "hubspot" {
  name = "HubSpot"
}

data "appypie_app" "typeform" {
  name = "Typeform"
}

data "appypie_app" "slack" {
  name = "Slack"
}

data "appypie_app" "webhooks" {
  name = "Webhooks"
}

data "appypie_connected_account" "sheets" {
  app_id = data.appypie_app.sheets.id
  name   = "sales@example.com"
}

data "appypie_connected_account" "hubspot" {
  app_id = data.appypie_app.hubspot.id
  name   = "sales@example.com"
}

data "appypie_connected_account" "typeform" {
  app_id = data.appypie_app.typeform.id
  name   = "marketing@example.com"
}

data "appypie_connected_account" "slack" {
  app_id = data.appypie_app.slack.id
  name   = "Acme workspace"
}

data "appypie_popular_match" "sheets_to_hubspot" {
  trigger_app_id = data.appypie_app.sheets.id
  action_app_id  = data.appypie_app.hubspot.id
  title          = "Add new Google Sheets rows to HubSpot as contacts"
}

data "appypie_popular_match" "typeform_to_webhook" {
  trigger_app_id = data.appypie_app.typeform.id
  action_app_id  = data.appypie_app.webhooks.id
}

data "appypie_popular_match" "typeform_to_slack" {
  trigger_app_id = data.appypie_app.typeform.id
  action_app_id  = data.appypie_app.slack.id
  title          = "Send Slack messages for new Typeform entries"
}

# --- A whole connect in one block -------------------------------------------

resource "appypie_connect" "leads" {
  name             = "New sheet row to CRM contact"
  popular_match_id = data.appypie_popular_match.sheets_to_hubspot.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.sheets.id
    options = {
      spreadsheet = local.spreadsheet
      worksheet   = local.worksheet
      header_row  = "Yes"
    }
  }

  actions = [{
    account_id = data.appypie_connected_account.hubspot.id
    options = {
      email           = "{{column2}}"
      first_name      = "{{column1}}"
      lifecycle_stage = "lead"
      list            = local.list
    }
  }]
}

# --- One with a secret, which is written but never stored -------------------

resource "appypie_connect" "demo_requests" {
  name             = "Demo request to webhook"
  popular_match_id = data.appypie_popular_match.typeform_to_webhook.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.typeform.id
    options    = { form = local.demo_form }
  }

  actions = [{
    options = {
      url     = "https://hooks.example.com/demo-requests"
      method  = "POST"
      payload = "{\"email\": \"{{email}}\"}"
    }
    secrets_wo = { signing_secret = var.signing_secret }
  }]
  secrets_wo_version = 1
}

# --- The same parts as resources of their own -------------------------------

resource "appypie_connect" "help" {
  name             = "Contact form to Slack"
  popular_match_id = data.appypie_popular_match.typeform_to_slack.id
}

resource "appypie_trigger_options" "help" {
  connect_id = appypie_connect.help.id
  account_id = data.appypie_connected_account.typeform.id
  options    = { form = local.help_form }
}

resource "appypie_action_options" "help" {
  connect_id = appypie_connect.help.id
  account_id = data.appypie_connected_account.slack.id
  options = {
    channel = local.channel
    text    = "{{full_name}} asks: {{message}}"
    notify  = "here"
  }
}

resource "appypie_connect_activation" "help" {
  connect_id = appypie_connect.help.id
  revisions  = [appypie_trigger_options.help.revision, appypie_action_options.help.revision]
  run_test   = true
}

output "connect_ids" {
  description = "Ids of the three connects."
  value = {
    leads         = appypie_connect.leads.id
    demo_requests = appypie_connect.demo_requests.id
    help          = appypie_connect.help.id
  }
}
