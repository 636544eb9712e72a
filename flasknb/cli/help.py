"""What ``flasknb --help`` prints."""

from __future__ import annotations

from flasknb.cli.commands.table import COMMANDS
from flasknb.cli.flags import ALIASES, FLAGS

WIDTH = 24
HEAD = """\
Usage: flasknb [arguments] [folder, notebook or file]
       flasknb COMMAND --help

The classic Jupyter notebook: serves a folder, and opens its page in a browser.

  flasknb                           serve the folder you are in
  flasknb notebooks/ --port 9000    serve another folder on another port
  flasknb analysis.ipynb            open a notebook
  flasknb ./list                    serve a folder that is called like a command
"""
TAIL = """\
Every option of the configuration can be given as --Class.option=value."""


def usage() -> str:
    """Arguments of the command that serves, for a terminal 80 columns wide."""
    flags = [_line(_hyphens(name), text) for name, (_, text) in FLAGS.items()]
    printing = [
        _line("-h, --help", "Print this."),
        _line("--help-all", "Print every option too."),
        _line("-V, --version", "Print the version."),
    ]
    aliases = [_line(f"{_hyphens(name)}=VALUE", target) for name, target in ALIASES.items()]
    commands = [_line(name, entry.summary) for name, entry in COMMANDS.items()]
    words = ["Commands:", *commands, "", "Flags:", *flags, *printing, "", "Options:", *aliases]
    return "\n".join([HEAD, *words, "", TAIL])


def _hyphens(name: str) -> str:
    return f"-{name}" if len(name) == 1 else f"--{name}"


def _line(name: str, text: str) -> str:
    return f"  {name:<{WIDTH}}{text}"
