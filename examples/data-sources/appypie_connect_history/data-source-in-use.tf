# A connect that someone made in the web editor.
data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

data "appypie_connect_history" "failed" {
  connect_id = data.appypie_connect.leads.id
  status     = "failed"
  since      = timeadd(plantimestamp(), "-24h")
}

# Every plan and apply warns while runs of the last day have failed.
check "leads_arrive" {
  assert {
    condition     = length(data.appypie_connect_history.failed.entries) == 0
    error_message = "Runs failed within a day: ${join("; ", data.appypie_connect_history.failed.entries[*].message)}"
  }
}
