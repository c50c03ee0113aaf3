data "appypie_app" "typeform" {
  name = "Typeform"
}

data "appypie_popular_matches" "typeform" {
  trigger_app_id = data.appypie_app.typeform.id
}

output "what_typeform_can_start" {
  value = data.appypie_popular_matches.typeform.popular_matches[*].title
}
