mock_provider "appypie" {
  mock_data "appypie_dropdown_options" {
    defaults = {
      by_label = { "general" = "channel-general" }
    }
  }
}

variables {
  profile       = "dev"
  slack_account = "Acme Labs workspace"
  enabled       = false
}

run "an_environment_has_its_account_and_its_switch" {
  command = plan

  assert {
    condition     = data.appypie_connected_account.slack.name == "Acme Labs workspace"
    error_message = "The account is the one of the environment."
  }

  assert {
    condition     = appypie_connect.chime.enabled == false
    error_message = "The connect is off where the environment says so."
  }

  assert {
    condition     = appypie_connect.chime.actions[0].options["channel"] == "channel-general"
    error_message = "The channel is looked up by its label."
  }
}
