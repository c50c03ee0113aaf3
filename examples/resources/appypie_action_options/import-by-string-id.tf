import {
  to = appypie_action_options.build
  id = "64f0c2a1b3d4e5f60718293a/1"
}
