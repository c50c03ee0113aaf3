data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

# By hand: terraform apply -invoke=action.appypie_connect_turn_on.leads
action "appypie_connect_turn_on" "leads" {
  config {
    connect_id = data.appypie_connect.leads.id
  }
}
