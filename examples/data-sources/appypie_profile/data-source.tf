data "appypie_profile" "me" {}

output "plan" {
  value = data.appypie_profile.me.plan
}
