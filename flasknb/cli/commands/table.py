"""Which subcommands there are. Imports nothing of size: ``flasknb`` asks here before it patches anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """``target``: module and attribute of the click command. ``summary``: its line in the help."""

    target: str
    summary: str


_HERE = "flasknb.cli.commands"
COMMANDS: Mapping[str, Entry] = {
    "list": Entry(f"{_HERE}.list_servers:list_servers", "Running servers, with their addresses."),
    "stop": Entry(f"{_HERE}.stop_server:stop_server", "Stop a running server, by its port or socket."),
    "password": Entry(f"{_HERE}.password:password", "Choose the password that logs in."),
    "kernels": Entry(f"{_HERE}.kernels:kernels", "List or stop running kernels."),
    "sidecar": Entry(f"{_HERE}.sidecar:sidecar", "Run the kernels' process in the foreground."),
    "doctor": Entry(f"{_HERE}.doctor:doctor", "Look for what is wrong, and say what to do."),
    "nbextension": Entry(f"{_HERE}.nbextension:nbextension", "Install, enable and list nbextensions."),
    "bundlerextension": Entry(f"{_HERE}.bundlerextension:bundlerextension", "Enable and list bundlers."),
}
NEAR_ENOUGH = 0.6


def is_command(argv: Sequence[str]) -> bool:
    """Whether the arguments call a subcommand. A folder of such a name is served as ``flasknb ./list``."""
    return bool(argv) and argv[0] in COMMANDS


def near_command(argv: Sequence[str]) -> str | None:
    """The subcommand that the first argument may have meant; ``None`` for options, paths and what is on the disk."""
    word = argv[0] if argv else ""
    if not word.isalpha():
        return None
    import os

    if os.path.lexists(word):
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, COMMANDS, 1, NEAR_ENOUGH)), None)
