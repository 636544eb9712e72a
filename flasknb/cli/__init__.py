"""The ``flasknb`` command."""
