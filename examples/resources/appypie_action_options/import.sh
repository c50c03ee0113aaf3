# By the id of the connect and the position of the action.
terraform import appypie_action_options.build 64f0c2a1b3d4e5f60718293a/1

# By the id of the connect, if it has a single action.
terraform import appypie_action_options.build 64f0c2a1b3d4e5f60718293a
