mock_provider "appypie" {}

variables {
  signing_secret = "only-for-this-test"
}

run "plans_three_connects" {
  command = plan

  assert {
    condition     = toset(keys(output.connect_ids)) == toset(["demo_requests", "help", "leads"])
    error_message = "The output has the id of each connect."
  }

  assert {
    condition     = appypie_connect.leads.enabled && appypie_connect.leads.trigger.account_id == data.appypie_connected_account.sheets.id
    error_message = "The leads come from the account of Google Sheets."
  }

  assert {
    condition     = appypie_connect.demo_requests.secrets_wo_version == 1
    error_message = "A version stands for the secret, which is not stored."
  }

  assert {
    condition     = appypie_action_options.help.options["channel"] == local.channel && appypie_connect_activation.help.run_test
    error_message = "The third connect is in parts, and is tested before it is turned on."
  }
}
