"""A kernel's command line through our launcher. Standard library only: it is needed before the large imports."""

from __future__ import annotations

from pathlib import Path

LAUNCHER = Path(__file__).with_name("in_kernel") / "launch_ipykernel.py"


def through_launcher(command: list[str]) -> list[str]:
    """``python … -m ipykernel_launcher …`` as ``python … <our launcher> …``; other commands unchanged."""
    try:
        at = command.index("ipykernel_launcher")
    except ValueError:
        return command
    if at < 2 or command[at - 1] != "-m" or "python" not in Path(command[0]).name.lower():
        return command
    return [*command[: at - 1], str(LAUNCHER), *command[at + 1 :]]
