"""Logins that were ended before their cookie aged: a list on disk, shared by all workers.

One line per session id, appended under ``O_APPEND`` (whole at this size), re-read only when the file grew. Losing the
file loses logouts, never logins.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

FILE_NAME = "revoked-logins"


class Revocations:
    """Any thread: a race reads the file twice, nothing worse."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._size_bytes = 0
        self._revoked: frozenset[str] = frozenset()

    def revoke(self, session_id: str) -> None:
        """End ``session_id`` for every worker. Raises OSError when that cannot be recorded."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{_digest(session_id)}\n".encode())
        finally:
            os.close(handle)

    def is_revoked(self, session_id: str) -> bool:
        """Whether ``session_id`` was ended here or in another worker."""
        self._refresh()
        return _digest(session_id) in self._revoked

    def _refresh(self) -> None:
        try:
            size_bytes = self._path.stat().st_size
        except FileNotFoundError:
            self._size_bytes, self._revoked = 0, frozenset()
            return
        if size_bytes != self._size_bytes:
            self._revoked = frozenset(self._path.read_text("ascii", "replace").split())
            self._size_bytes = size_bytes


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()[:32]
