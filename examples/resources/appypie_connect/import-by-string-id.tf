import {
  to = appypie_connect.demo_requests
  id = "64f0c2a1b3d4e5f60718293a"
}
