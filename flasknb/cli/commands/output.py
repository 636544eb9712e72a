"""How subcommands talk: colours on terminals only, tables that fit, nothing that steers the reader's terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

UNLIMITED = 10_000
GAP = "  "
ELLIPSIS = "…"


class Problem(click.ClickException):
    """The command cannot do it; the sentence says why and what to do. Exit status 1."""

    def show(self, file: object = None) -> None:
        """Write the sentence to standard error, in the words ``flasknb`` uses at start."""
        tell(f"flasknb: {self.message}")


def tell(line: str) -> None:
    """A line for the person, on standard error."""
    click.echo(line, err=True)


def printable(text: str) -> str:
    """``text`` with control characters and lone surrogates written out: it came from a file or another program."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def wants_plain() -> bool:
    """Whether the user asked for no colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def width() -> int:
    """Columns of the terminal; without one lines are not cut."""
    return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else UNLIMITED


def home_short(path: Path | str) -> str:
    """A path for people: printable, with ``~`` for the home folder."""
    text, home = str(path), os.path.expanduser("~")  # noqa: PTH111 - never raises, unlike Path.home
    if home not in ("/", "~") and (text == home or text.startswith(f"{home}{os.sep}")):
        text = f"~{text[len(home) :]}"
    return printable(text)


def counted(number: int, word: str) -> str:
    """``1 kernel``, ``2 kernels``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int, *, indent: str = "") -> list[str]:
    """Lines of a table; the last column is cut so that no line is longer than ``columns``."""
    cells = [[printable(cell) for cell in row] for row in [list(head), *rows]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    fixed = sum(widths[:-1]) + len(GAP) * (len(head) - 1) + len(indent)
    room = max(columns - fixed, len(head[-1]))
    lines = []
    for row in cells:
        kept = [cell.ljust(size) for cell, size in zip(row[:-1], widths[:-1], strict=True)]
        lines.append((indent + GAP.join([*kept, shortened(row[-1], room)])).rstrip())
    return lines


def shortened(text: str, size: int) -> str:
    """``text``, or its end where that is too long: the name of a file tells more than its folder."""
    return text if len(text) <= size else ELLIPSIS + text[-(size - 1) :]
