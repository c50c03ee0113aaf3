output "ids" {
  description = "The id of each connect, by its key."
  value       = { for key, connect in appypie_connect.this : key => connect.id }
}

output "statuses" {
  description = "Whether each connect is on or off, in the word of the service, by its key."
  value       = { for key, connect in appypie_connect.this : key => connect.status }
}
