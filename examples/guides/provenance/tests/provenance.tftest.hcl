mock_provider "appypie" {}

variables {
  app = "Typeform"
}

run "asks_about_one_app_and_changes_nothing" {
  command = plan

  assert {
    condition     = data.appypie_app.one.name == "Typeform" && data.appypie_app.by_id.id == data.appypie_app.one.id
    error_message = "The app is looked up by its name, and again by its id."
  }

  assert {
    condition     = toset(keys(output.found)) == toset(["app", "categories", "connected_accounts", "connects", "popular_matches", "profile"])
    error_message = "The output tells what was found of each kind."
  }
}
