"""Brings journals to the disk in a thread of its own: a disk may take a second for what a flood wrote meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

CACHED_BYTES = 32 * 1024 * 1024  # of a file, that the system may keep in memory


class JournalSync:
    """``begin`` in any one thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "journal-sync")

    def begin(self, descriptor: int, on_end: Callable[[OSError | None], None]) -> None:
        """Bring what was written to the disk, and close ``descriptor``.

        Args:
            on_end: called in the thread, with the error if there was one.
        """
        self._thread.submit(_sync, descriptor, on_end)

    def shutdown(self) -> None:
        """Wait for what has begun."""
        self._thread.shutdown()


def _sync(descriptor: int, on_end: Callable[[OSError | None], None]) -> None:
    try:
        os.fdatasync(descriptor)
        if os.fstat(descriptor).st_size > CACHED_BYTES:
            _uncache(descriptor)
    except OSError as error:
        on_end(error)
    else:
        on_end(None)
    finally:
        os.close(descriptor)


def _uncache(descriptor: int) -> None:
    """Let the system forget what is on the disk: a long journal is hardly read.

    Else each byte of a flood takes memory that was never used, which may cost ten times what copying it does.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
