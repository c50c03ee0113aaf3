# Terraform makes up what is missing here: a text is random, but a map is empty, so
# that by_label["general"] would be an error. Write down the labels that your
# configuration uses.
mock_data "appypie_dropdown_options" {
  defaults = {
    by_label = {
      "Demo Request" = "form-demo-request"
      "general"      = "channel-general"
    }
  }
}
