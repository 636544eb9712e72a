"""Options that say for whom an extension is installed or enabled, the same on every subcommand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any

import click

from flasknb.cli.commands.output import Problem
from flasknb.extensions.locations import Choice

Decorated = Callable[..., Any]
CHOICES = [field.name for field in fields(Choice)]

USER = click.option("--user", is_flag=True, help="For you alone.")
SYS_PREFIX = click.option("--sys-prefix", is_flag=True, help="For everybody who uses this Python.")
SYSTEM = click.option("--system", is_flag=True, help="For everybody on this machine.")
PREFIX = click.option("--prefix", default="", metavar="FOLDER", help="Below share/jupyter of this folder.")
NBEXTENSIONS = click.option("--nbextensions", default="", metavar="FOLDER", help="In this folder itself.")
PYTHON = click.option("--py", "--python", "is_package", is_flag=True, help="NAME is a Python package with extensions.")


def options(*decorators: Callable[[Decorated], Decorated]) -> Callable[[Decorated], Decorated]:
    """Several options at once, in this order; what they say arrives as one ``choice``."""

    def decorate(function: Decorated) -> Decorated:
        @wraps(function)
        def bundled(**values: Any) -> Any:
            said = {name: values.pop(name) for name in CHOICES if name in values}
            return function(choice=Choice(**said), **values)

        decorated: Decorated = bundled
        for one in reversed(decorators):
            decorated = one(decorated)
        return decorated

    return decorate


def only_one(names: tuple[str, ...], what: str) -> str:
    """The one argument. Raises click.UsageError, Problem."""
    if not names:
        raise click.UsageError(f"Say {what}.")
    if len(names) > 1:
        raise Problem(f"One extension per call: {what}. Got {len(names)}.")
    return names[0]
