"""Tickets that log in once, for addresses that stand on a command line, where other users of the machine read them.

A ticket is a file in the instance's private folder, named by the ticket's digest: whoever takes the file away is in,
at any worker, and nobody after.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from pathlib import Path

LIFETIME_S = 300.0
TICKET_BYTES = 24
FILE_PREFIX = "launch-"


class LaunchTickets:
    """Any thread, any process of the instance."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> str:
        """A new ticket; those that nobody used in time go. Raises OSError."""
        self.forget_old(time.time())
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._file_of(ticket), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Whether ``ticket`` was made at most ``LIFETIME_S`` ago and not used before; it is used now."""
        file = self._file_of(ticket)
        try:
            made_s = file.stat().st_mtime
            file.unlink()
        except OSError:
            return False
        return time.time() - made_s <= LIFETIME_S

    def forget_old(self, now_s: float) -> None:
        """Remove the files of tickets that are too old at ``now_s`` (seconds since 1970)."""
        for file in self._folder.glob(f"{FILE_PREFIX}*"):
            try:
                if now_s - file.stat().st_mtime > LIFETIME_S:
                    file.unlink()
            except OSError:
                continue

    def _file_of(self, ticket: str) -> Path:
        digest = hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{FILE_PREFIX}{digest[:32]}"
