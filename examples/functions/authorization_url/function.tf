# The page where a person lets the client in, with the defaults of the service.
output "authorization_page" {
  value = provider::appypie::authorization_url("my-client-id", "https://automation.example.com/callback")
}

# With a state, which comes back as it is, and fewer scopes.
output "narrow_authorization_page" {
  value = provider::appypie::authorization_url("my-client-id", "https://automation.example.com/callback", {
    state  = "af0ifjsldkj"
    scopes = ["connects", "accounts"]
  })
}
