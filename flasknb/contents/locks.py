"""Locks on paths that threads, workers and servers of one user share. Knows lock files, not what they protect."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flasknb.errors import SaveFailed

try:
    import fcntl
except ImportError:  # Windows: nobody is held apart; every save is whole all the same, and the later one wins
    fcntl = None  # type: ignore[assignment]

STRIPES = 1024  # lock files at most; two paths may share one, which only costs a wait
WAIT_S = 30.0
POLL_INTERVAL_S = 0.005


@dataclass(frozen=True)
class PathLocks:
    """Exclusive locks named by strings, held through ``flock`` on files in ``folder``. Any thread, any process."""

    folder: str

    @contextlib.contextmanager
    def hold(self, *keys: str, kind: str = "file") -> Iterator[None]:
        """Hold the locks of all ``keys``, taken in one order so that two callers never wait for each other.

        Raises:
            SaveFailed: somebody else held one for ``WAIT_S`` seconds.
        """
        stripes = sorted({_stripe(key) for key in keys})
        with contextlib.ExitStack() as held:
            for stripe in stripes:
                held.enter_context(self._hold_stripe(f"{kind}-{stripe:04d}"))
            yield

    @contextlib.contextmanager
    def _hold_stripe(self, name: str) -> Iterator[None]:
        descriptor = self._open(name)
        try:
            _wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)  # closing releases the lock

    def _open(self, name: str) -> int:
        path, flags = os.path.join(self.folder, name), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            return os.open(path, flags, 0o600)
        except FileNotFoundError:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            return os.open(path, flags, 0o600)


def _stripe(key: str) -> int:
    return int.from_bytes(hashlib.sha256(os.fsencode(key)).digest()[:4], "big") % STRIPES


def _wait_for(descriptor: int) -> None:
    if fcntl is None:
        return
    deadline_s = time.monotonic() + WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline_s:
                raise SaveFailed(
                    f"Another save of this file has not finished for {WAIT_S:.0f} s. "
                    "Try again, or save under another name."
                ) from None
            time.sleep(POLL_INTERVAL_S)
        else:
            return
