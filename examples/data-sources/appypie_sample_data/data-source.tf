data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

data "appypie_sample_data" "leads" {
  connect_id = data.appypie_connect.leads.id
}
