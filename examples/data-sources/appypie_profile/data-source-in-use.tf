variable "user_id" {
  description = "Id of the user that this configuration is for; any when left out."
  type        = string
  default     = null
}

# Stops a plan that would act in the wrong account.
data "appypie_profile" "me" {
  lifecycle {
    postcondition {
      condition     = var.user_id == null || self.id == var.user_id
      error_message = "The credentials belong to ${coalesce(self.name, self.id)}, and this configuration does not."
    }
  }
}
