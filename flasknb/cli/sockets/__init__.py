"""What the ``flasknb`` command listens on: TCP ports, a unix socket, TLS."""
