# A connect that someone made and tested in the web editor.
data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

data "appypie_sample_data" "leads" {
  connect_id = data.appypie_connect.leads.id
}

# What options can refer to: {{column1}} and so on.
output "keys" {
  value = data.appypie_sample_data.leads.trigger.keys
}

# Every plan and apply warns while a connect was never tested.
check "tested" {
  assert {
    condition     = data.appypie_sample_data.leads.tested_at != null
    error_message = "The connect was never tested, so nobody knows what its options can refer to."
  }
}
