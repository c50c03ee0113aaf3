mock_provider "appypie" {
  mock_data "appypie_dropdown_options" {
    defaults = {
      by_label = {
        "Demo Request" = "form-demo-request"
        "sales"        = "channel-sales"
      }
    }
  }
}

run "the_file_makes_two_connects" {
  assert {
    condition     = toset(keys(output.connect_ids)) == toset(["demo-requests", "heartbeat"])
    error_message = "Each entry of the file is a connect."
  }
}
