# By the id of the connect.
terraform import appypie_trigger_options.failed_payments 64f0c2a1b3d4e5f60718293a
