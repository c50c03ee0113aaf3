mock_provider "appypie" {}

variables {
  signing_secret = "only-for-this-test"
}

run "a_version_stands_for_the_secret" {
  command = plan

  assert {
    condition     = appypie_connect.news.secrets_wo_version == 1
    error_message = "Raise the version when the secret changes."
  }

  assert {
    condition     = keys(appypie_connect.news.actions[0].options) == tolist(["url"])
    error_message = "The secret is none of the options, which are stored."
  }
}
