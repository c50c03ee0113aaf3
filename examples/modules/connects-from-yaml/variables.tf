variable "connects" {
  description = "The connects, each under a key that stays: renaming a key replaces the connect."
  nullable    = false

  type = map(object({
    # The name of the connect. The key when left out.
    name = optional(string)

    # What is joined: the apps by name, and the title of the popular match where
    # several join them.
    trigger_app = string
    action_app  = string
    match       = optional(string)

    # Left out, the switch is not managed.
    enabled  = optional(bool)
    run_test = optional(bool)

    trigger = optional(object({
      # The connected account by name.
      account = optional(string)
      options = optional(map(string), {})
      # Options that are chosen by the label which people see.
      choices = optional(map(string), {})
    }), {})

    # One entry for each action of the popular match, in its order.
    actions = list(object({
      # The app of the action, where it is not action_app.
      app     = optional(string)
      account = optional(string)
      options = optional(map(string), {})
      choices = optional(map(string), {})
    }))
  }))
}

variable "account_names" {
  description = "Other names for accounts, so that one file serves several environments: the name in the file, and the name of the account here."
  type        = map(string)
  default     = {}
  nullable    = false
}
