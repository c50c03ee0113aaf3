mock_provider "appypie" {}

run "each_line_of_the_file_is_a_connect" {
  command = plan

  assert {
    condition     = { for key, connect in appypie_connect.hourly : key => connect.trigger.options["minute"] } == { billing = "00", stock = "15" }
    error_message = "Each webhook is called at its minute."
  }

  assert {
    condition     = appypie_connect.hourly["stock"].actions[0].options["url"] == "https://hooks.example.com/stock"
    error_message = "Each webhook has its address."
  }
}
