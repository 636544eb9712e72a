"""How much memory a process has taken, and giving back what it does not use."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
WORTH_IT_BYTES = 16 * 1024 * 1024
EVERY_S = 10.0


def own_bytes(pid: int | None = None) -> int:
    """What a process (``None``: this one) has of its own, without what it shares; 0 where the system does not tell."""
    try:
        resident, shared = Path(f"/proc/{pid or 'self'}/statm").read_text().split()[1:3]
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * PAGE_BYTES


def to_the_system() -> None:
    """Let go of what only holds itself, as kernels that have gone do, and let the system have it where C can."""
    gc.collect()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class Thrift:
    """Floods leave holes in the heap, which C keeps for the next one; ``look`` gives them back, every second or so.

    Args:
        own_bytes: what this process has taken.
        give_back: lets the system have what is free.
    """

    def __init__(self, own_bytes: Callable[[], int] = own_bytes, give_back: Callable[[], None] = to_the_system) -> None:
        self._own_bytes, self._give_back = own_bytes, give_back
        self._first_bytes = self._last_bytes = own_bytes()
        self._last_s = 0.0

    def look(self, now_s: float) -> None:
        """Give back once much was taken since the last time, and now and then what was freed since then."""
        taken_bytes = self._own_bytes()
        has_grown = taken_bytes > self._last_bytes + WORTH_IT_BYTES
        is_time = taken_bytes > self._first_bytes + WORTH_IT_BYTES and now_s > self._last_s + EVERY_S
        if has_grown or is_time:
            self._give_back()
            self._last_bytes, self._last_s = self._own_bytes(), now_s
