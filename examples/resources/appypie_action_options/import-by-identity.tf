import {
  to = appypie_action_options.build
  identity = {
    connect_id = "64f0c2a1b3d4e5f60718293a"
    position   = 1
  }
}
