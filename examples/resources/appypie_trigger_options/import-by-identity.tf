import {
  to = appypie_trigger_options.failed_payments
  identity = {
    connect_id = "64f0c2a1b3d4e5f60718293a"
  }
}
