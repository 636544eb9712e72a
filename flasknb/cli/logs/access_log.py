"""Keeps tokens out of request logs, whichever server writes them."""

from __future__ import annotations

import logging

from flasknb.auth.scrub import scrub


class ScrubFilter(logging.Filter):
    """Rewrites each record of the logger it is added to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the record stays, its secrets go."""
        record.msg, record.args = scrub(record.getMessage()), ()
        return True
