"""The subcommands against real servers, and Jupyter's own commands against ours."""
