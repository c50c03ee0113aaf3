data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

data "appypie_connect_history" "leads" {
  connect_id = data.appypie_connect.leads.id
}
