mock_provider "appypie" {
  mock_data "appypie_dropdown_options" {
    defaults = {
      by_label = { "Demo Request" = "form-demo-request" }
    }
  }
}

run "fields_stay_for_the_service" {
  command = plan

  assert {
    condition     = jsondecode(appypie_connect.demo_requests.actions[0].options["payload"]).greeting == "Hello {{full_name}}"
    error_message = "Terraform leaves {{full_name}} as it is."
  }

  assert {
    condition     = appypie_connect.demo_requests.trigger.options["form"] == "form-demo-request"
    error_message = "The form is looked up by its label."
  }
}
