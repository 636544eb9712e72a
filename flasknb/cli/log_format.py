"""Log lines in the shape that Jupyter users know: ``[I 2026-01-31 12:00:00.123 flasknb] message``."""

from __future__ import annotations

import logging

from flasknb.auth.scrub import scrub


class LogFormat(logging.Formatter):
    """Level letter, local time with milliseconds, package name, message; control characters cannot start a new line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line (and a traceback below it, where there is one)."""
        head = f"[{record.levelname[0]} {self.formatTime(record, '%Y-%m-%d %H:%M:%S')}.{record.msecs:03.0f}"
        line = f"{head} {record.name.partition('.')[0]}] {scrub(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def log_to_terminal(level: int) -> None:
    """Send every log of this process to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormat())
    logging.basicConfig(level=level, handlers=[handler])
