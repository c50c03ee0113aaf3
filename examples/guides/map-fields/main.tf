data "appypie_app" "all" {
  for_each = toset(["Typeform", "Webhooks"])
  name     = each.key
}

data "appypie_popular_match" "demo_requests" {
  trigger_app_id = data.appypie_app.all["Typeform"].id
  action_app_id  = data.appypie_app.all["Webhooks"].id
  title          = "Post new Typeform entries to a webhook"
}

data "appypie_connected_account" "typeform" {
  app_id = data.appypie_app.all["Typeform"].id
  name   = "marketing@example.com"
}

data "appypie_dropdown_options" "forms" {
  trigger_id = data.appypie_popular_match.demo_requests.trigger.trigger_id
  account_id = data.appypie_connected_account.typeform.id
  key        = "form"
}

resource "appypie_connect" "demo_requests" {
  name             = "Demo request, mapped field by field"
  popular_match_id = data.appypie_popular_match.demo_requests.id
  enabled          = true

  trigger = {
    account_id = data.appypie_connected_account.typeform.id
    options    = { form = data.appypie_dropdown_options.forms.by_label["Demo Request"] }
  }

  actions = [{
    options = {
      url    = "https://hooks.example.com/demo-requests"
      method = "POST"
      # {{email}} and {{full_name}} are filled in by the service, run by run.
      payload = jsonencode({ email = "{{email}}", greeting = "Hello {{full_name}}" })
    }
  }]
}
