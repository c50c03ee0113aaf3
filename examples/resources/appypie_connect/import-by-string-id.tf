import {
  to = appypie_connect.failed_payments
  id = "64f0c2a1b3d4e5f60718293a"
}
