"""Which requests of pages a kernel has got, on disk before it gets them, so that none runs twice after a crash."""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from pathlib import Path

log = logging.getLogger(__name__)

REMEMBERED = 10_000
MAX_ID_CHARS = 200


class RequestLog:
    """Ids of requests, the newest 10,000. Event loop only. Without a disk it remembers until the sidecar ends.

    Args:
        path: one id a line, mode 0600; ``None`` for memory only.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: OrderedDict[str, None] = OrderedDict()
        self._written: OrderedDict[str, None] = OrderedDict()
        self._descriptor: int | None = None
        self._lines = 0
        self.is_broken = False

    def load(self) -> None:
        """Know what a dead sidecar knew. The last line may be torn; no whole id looks like it."""
        if self._path is not None and self._path.exists():
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
            self._known = OrderedDict.fromkeys(lines[-REMEMBERED:])
            self._written = self._known.copy()
            self._lines = 2 * REMEMBERED  # a new file with the first request: a torn line must not be gone on with

    def is_new(self, msg_id: str) -> bool:
        """Whether a request with this id has not come before; from now on it has, until this process ends."""
        if not _is_usable(msg_id):
            return True
        if msg_id in self._known:
            return False
        self._known[msg_id] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return True

    def write(self, msg_id: str) -> None:
        """The kernel is about to get this request."""
        if _is_usable(msg_id):
            self._written[msg_id] = None
            if len(self._written) > REMEMBERED:
                self._written.popitem(last=False)
            self._write(msg_id)

    def remove(self) -> None:
        """The kernel is gone: remove the file and write none again."""
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._path = None

    def _write(self, msg_id: str) -> None:
        if self._path is None:
            return
        try:
            if self._descriptor is None or self._lines >= 2 * REMEMBERED:
                self._rewrite(self._path)
            else:
                os.write(self._descriptor, f"{msg_id}\n".encode())
                self._lines += 1
        except OSError as error:
            log.warning("requests are no longer remembered on disk path=%s error=%s", self._path, error)
            self.remove()
            self.is_broken = True

    def _rewrite(self, path: Path) -> None:
        self._close()
        unfinished = path.with_name(f"{path.name}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(unfinished, flags, 0o600)
        os.write(self._descriptor, "".join(f"{known}\n" for known in self._written).encode())
        unfinished.replace(path)
        self._lines = len(self._written)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _is_usable(msg_id: str) -> bool:
    return bool(msg_id) and len(msg_id) <= MAX_ID_CHARS and msg_id.isprintable()
