# A connect that someone made in the web editor.
data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}

# Every plan and apply warns while it is off.
check "leads_flow" {
  assert {
    condition     = data.appypie_connect.leads.enabled
    error_message = "The connect that brings in the leads is off."
  }
}

# Another connect of the same kind.
resource "appypie_connect" "partners" {
  name             = "New partner leads to the CRM"
  popular_match_id = data.appypie_connect.leads.popular_match_id
}
