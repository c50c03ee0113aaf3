data "appypie_connects" "to_the_crm" {
  text = "to the CRM"
}

# Before maintenance: terraform apply -invoke=action.appypie_connect_turn_off.to_the_crm
action "appypie_connect_turn_off" "to_the_crm" {
  for_each = { for connect in data.appypie_connects.to_the_crm.connects : connect.id => connect }

  config {
    connect_id = each.key
  }
}
