data "appypie_category" "crm" {
  name = "CRM"
}
