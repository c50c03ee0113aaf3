# By the id of the connect.
terraform import appypie_connect_activation.news 64f0c2a1b3d4e5f60718293a
