# Four lists with the same filters find the four resources of each connect.
list "appypie_connect" "leads" {
  provider         = appypie
  include_resource = true

  config {
    text = "leads"
    bare = true
  }
}

list "appypie_trigger_options" "leads" {
  provider         = appypie
  include_resource = true

  config {
    text = "leads"
  }
}

list "appypie_action_options" "leads" {
  provider         = appypie
  include_resource = true

  config {
    text = "leads"
  }
}

list "appypie_connect_activation" "leads" {
  provider         = appypie
  include_resource = true

  config {
    text = "leads"
  }
}
