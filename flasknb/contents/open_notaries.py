"""Notaries that are open, for the next question: opening their database takes several times as long as asking it.

Knows files by what the system says of them: whatever somebody else did to the database or the secret since, a notary
from before is not used again.
"""

from __future__ import annotations

import os
import weakref
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat.sign import NotebookNotary

KEPT = 2  # more open at once are closed after their use

State = tuple[int, int, int, int]  # device, number of the file, time of the last change, size


@dataclass(frozen=True)
class _Kept:
    notary: NotebookNotary
    asked: str
    process_id: int
    files: tuple[State, State]


class OpenNotaries:
    """Any thread, without a lock: each step is one of a deque, and who took a notary has it alone."""

    def __init__(self) -> None:
        self._idle: deque[_Kept] = deque()
        weakref.finalize(self, _close_all, self._idle)

    def take(self, asked: str) -> NotebookNotary | None:
        """An open notary that was kept for the same ``asked``; ``None`` where there is none that is still right."""
        while True:
            try:
                kept = self._idle.pop()
            except IndexError:
                return None
            is_same = (kept.asked, kept.process_id) == (asked, os.getpid())
            if is_same and kept.files == _files_of(kept.notary):
                return kept.notary
            kept.notary.store.close()

    def keep(self, notary: NotebookNotary, asked: str) -> None:
        """Have ``notary`` for the next time, or close it. Raises what closing a database does."""
        files = _files_of(notary)
        if files is None or len(self._idle) >= KEPT:
            notary.store.close()
        else:
            self._idle.append(_Kept(notary, asked, os.getpid(), files))


def _files_of(notary: NotebookNotary) -> tuple[State, State] | None:
    """The state of secret and database; ``None`` where they are not files, or not ours to keep open."""
    if not getattr(notary.store, "is_for_any_thread", False):
        return None
    try:
        return _state(notary.secret_file), _state(notary.store.db_file)
    except OSError:
        return None


def _state(path: str) -> State:
    status = os.stat(path)
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _close_all(idle: deque[Any]) -> None:
    while idle:
        idle.pop().notary.store.close()
