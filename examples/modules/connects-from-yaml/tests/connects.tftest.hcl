mock_provider "appypie" {
  # Terraform makes up what is missing here: a text is random, but a map is empty,
  # so that by_label["general"] would be an error.
  mock_data "appypie_dropdown_options" {
    defaults = {
      by_label = {
        "Demo Request" = "form-demo-request"
        "general"      = "channel-general"
      }
    }
  }
}

variables {
  connects = {
    signup = {
      name        = "Signup to Slack"
      trigger_app = "Typeform"
      action_app  = "Slack"
      enabled     = true
      trigger     = { account = "forms", choices = { form = "Demo Request" } }
      actions     = [{ account = "chat", choices = { channel = "general" }, options = { text = "{{full_name}} signed up" } }]
    }
    heartbeat = {
      trigger_app = "Schedule by Connect"
      action_app  = "Webhooks"
      trigger     = { options = { minute = "30" } }
      actions     = [{ options = { url = "https://hooks.example.com/heartbeat" } }]
    }
  }
  account_names = { chat = "Acme workspace" }
}

run "plans_each_connect" {
  command = plan

  assert {
    condition     = appypie_connect.this["signup"].name == "Signup to Slack" && appypie_connect.this["heartbeat"].name == "heartbeat"
    error_message = "A connect has its name, or its key."
  }

  assert {
    condition     = appypie_connect.this["signup"].enabled && appypie_connect.this["heartbeat"].enabled == null
    error_message = "The switch is managed only where the file says so."
  }
}

run "looks_up_accounts_by_name" {
  command = plan

  assert {
    condition     = data.appypie_connected_account.all["Slack/chat"].name == "Acme workspace"
    error_message = "account_names gives an account its name in this environment."
  }

  assert {
    condition     = length(data.appypie_connected_account.all) == 2
    error_message = "A step without an account looks none up."
  }
}

run "looks_up_choices_by_label" {
  command = plan

  assert {
    condition     = appypie_connect.this["signup"].actions[0].options == tomap({ channel = "channel-general", text = "{{full_name}} signed up" })
    error_message = "A choice becomes an option, and a text stays as it is."
  }
}
