profile       = "prod"
slack_account = "Acme workspace"
enabled       = true
