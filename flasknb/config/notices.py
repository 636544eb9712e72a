"""What has to be said about options when the server starts: once, on one line each."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass

log = logging.getLogger(__name__)

QUIET_VARIABLE = "FLASKNB_NOTICES_SAID"
"""Set, to any text, for processes whose parent or elder has said it all."""

RELOADED = "WERKZEUG_RUN_MAIN"
"""Werkzeug's reloader sets it to ``true`` for the process that serves; its parent has loaded the app too."""


@dataclass(frozen=True)
class Notice:
    """One line for the log. ``level`` is one of logging's."""

    level: int
    text: str


def say(notices: Iterable[Notice]) -> None:
    """Log every notice once; at debug level where another process has said it."""
    is_quiet = bool(os.environ.get(QUIET_VARIABLE)) or os.environ.get(RELOADED) == "true"
    for notice in dict.fromkeys(notices):
        log.log(logging.DEBUG if is_quiet else notice.level, "%s", notice.text)


def warning(text: str) -> Notice:
    """A notice at warning level."""
    return Notice(logging.WARNING, text)
