# A connect that someone made in the web editor.
data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

check "leads_flow" {
  assert {
    condition     = data.appypie_connect.leads.enabled
    error_message = "The connect that brings in the leads is off."
  }
}
