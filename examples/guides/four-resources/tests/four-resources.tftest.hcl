mock_provider "appypie" {}

run "each_part_has_its_resource" {
  assert {
    condition = alltrue([for id in [
      appypie_trigger_options.subscribers.connect_id,
      appypie_action_options.subscribers.connect_id,
      appypie_connect_activation.subscribers.connect_id,
    ] : id == appypie_connect.subscribers.id])
    error_message = "All parts are those of one connect."
  }

  assert {
    condition     = appypie_connect.subscribers.trigger == null && appypie_connect.subscribers.enabled == null
    error_message = "The connect leaves steps and switch to the other resources."
  }

  assert {
    condition     = length(appypie_connect_activation.subscribers.revisions) == 2
    error_message = "A change of either step turns the connect on again."
  }
}
