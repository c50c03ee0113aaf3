ephemeral "appypie_access_token" "this" {}
