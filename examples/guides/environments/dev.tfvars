profile       = "dev"
slack_account = "Acme Labs workspace"
enabled       = false
