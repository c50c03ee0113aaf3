data "appypie_connect" "leads" {
  name = "New leads to the CRM"
}
