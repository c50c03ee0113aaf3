# By the id of the connect.
terraform import appypie_connect.demo_requests 64f0c2a1b3d4e5f60718293a

# By the name, where only one connect has it.
terraform import appypie_connect.demo_requests 'name/Demo request to the sales tool'

# Without trigger and actions, which other resources manage.
terraform import appypie_connect.demo_requests bare/64f0c2a1b3d4e5f60718293a
