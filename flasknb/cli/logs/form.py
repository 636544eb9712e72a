"""Log lines in the shape that Jupyter users know: ``[I 2026-01-31 12:00:00.123 ServerApp] message``.

Imported by gunicorn's master before a worker patches, so it imports next to nothing.
"""

from __future__ import annotations

import copy
import logging
import os
import re
import sys

from flasknb.auth.scrub import scrub

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_CHARS = 8_000
SHOWN_NAME = "ServerApp"
DATE_FORM = "%Y-%m-%d %H:%M:%S"
LINE_FORM = "%(color)s[%(levelname)1.1s %(asctime)s.%(msecs).03d %(name)s]%(end_color)s %(message)s"
BLOCK = "is_block"
"""Attribute of a record whose message is ours alone and has several lines."""

COLORS = {
    logging.DEBUG: "\x1b[34m",
    logging.INFO: "\x1b[32m",
    logging.WARNING: "\x1b[33m",
    logging.ERROR: "\x1b[31m",
    logging.CRITICAL: "\x1b[35m",
}
END_COLOR = "\x1b[0m"
INDENT = "  "


class LogFormat(logging.Formatter):
    """Python's formatter without secrets, where nothing that a visitor sent can start a line or a colour.

    Beside Python's own, ``fmt`` may use ``%(color)s`` and ``%(end_color)s``, which are empty away from a terminal, and
    ``%(highlevel)s``, the level of warnings and worse.
    """

    def __init__(self, fmt: str | None = None, datefmt: str | None = None, *, is_colored: bool = False) -> None:
        super().__init__(fmt or LINE_FORM, datefmt or DATE_FORM)
        self._is_colored = is_colored

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line, and a traceback below it where there is one."""
        shown = copy.copy(record)  # other handlers see the record as it is
        shown.msg, shown.args = _clean(record), ()
        shown.name = shown_name(record.name)
        color = COLORS.get(record.levelno, "") if self._is_colored else ""
        high = f" {record.levelname} |" if record.levelno >= logging.WARNING else ""
        vars(shown).update(color=color, end_color=END_COLOR if color else "", highlevel=high)
        shown.exc_text = None
        return super().format(shown)

    def formatException(self, ei: object) -> str:
        """The traceback, without secrets. Indented: a line of an error's message never looks like one of the log."""
        lines = scrub(super().formatException(ei)).split("\n")  # type: ignore[arg-type]
        return f"\n{INDENT}".join(one_line(line) for line in lines)


def shown_name(logger: str) -> str:
    """What stands in a line for a logger: ours goes by the name that users' tools look for, others by their package."""
    package = logger.partition(".")[0]
    return SHOWN_NAME if package == "flasknb" else package


def one_line(text: str) -> str:
    """``text`` without control characters, and at most ``MAX_CHARS`` long."""
    short = text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…"
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", short)


def wants_colors() -> bool:
    """Colours are for people: never in files, never where NO_COLOR is set."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _clean(record: logging.LogRecord) -> str:
    if getattr(record, BLOCK, False):
        return "\n".join(one_line(line) for line in record.getMessage().split("\n"))
    return one_line(scrub(record.getMessage()))
