"""Reads what the system holds in memory already, never waiting for a disk. Knows open files, not paths."""

from __future__ import annotations

import os
from typing import BinaryIO

NO_WAIT = getattr(os, "RWF_NOWAIT", 0) if hasattr(os, "preadv") else 0


def read_at_hand(file: BinaryIO, size_bytes: int) -> bytes | None:
    """At most ``size_bytes`` from where ``file`` is; ``None`` where that might wait, or nobody can tell."""
    if not NO_WAIT:
        return None
    start, buffer = file.tell(), bytearray(size_bytes)
    try:
        count = os.preadv(file.fileno(), [buffer], start, NO_WAIT)
    except (OSError, ValueError):  # not in memory, a file system that cannot say, no file at all
        return None
    file.seek(start + count)
    del buffer[count:]
    return bytes(buffer)
