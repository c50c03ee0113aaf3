data "appypie_app" "typeform" {
  name = "Typeform"
}

data "appypie_popular_matches" "typeform" {
  trigger_app_id = data.appypie_app.typeform.id
}

locals {
  what_typeform_can_start = {
    for match in data.appypie_popular_matches.typeform.popular_matches : match.title => match.id
  }
}

resource "appypie_connect" "answers" {
  name             = "Answers, still to be configured"
  popular_match_id = local.what_typeform_can_start["Add new Typeform entries to Google Sheets"]
}
