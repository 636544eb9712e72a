"""The subcommands, without servers."""
