"""Log lines in the shape that Jupyter users know: ``[I 2026-01-31 12:00:00.123 flasknb] message``."""

from __future__ import annotations

import logging
import re

from flasknb.auth.scrub import scrub

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_CHARS = 8_000


class LogFormat(logging.Formatter):
    """Level letter, local time, package, message. Nothing a visitor sent can start a line or a colour."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line, and a traceback below it where there is one."""
        head = f"[{record.levelname[0]} {self.formatTime(record, '%Y-%m-%d %H:%M:%S')}.{record.msecs:03.0f}"
        line = f"{head} {record.name.partition('.')[0]}] {one_line(scrub(record.getMessage()))}"
        return f"{line}\n{scrub(self.formatException(record.exc_info))}" if record.exc_info else line


def one_line(text: str) -> str:
    """``text`` without control characters, and at most ``MAX_CHARS`` long."""
    short = text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…"
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", short)


def log_to_terminal(level: int) -> None:
    """Send every log of this process to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormat())
    logging.basicConfig(level=level, handlers=[handler])
