"""The subcommands of ``flasknb``, also as ``flask flasknb``: one module each, found through ``table``."""
