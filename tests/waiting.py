"""Waiting in tests: until something is so, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable

WITHIN_S = 10.0
POLL_S = 0.05
SLOW_MACHINE = 6
"""A machine that is so many times slower, or busy, may take so many times longer than users are promised."""


def eventually(is_so: Callable[[], bool], *, within_s: float = WITHIN_S) -> bool:
    """Whether something comes true within a time."""
    end_s = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > end_s:
            return False
        time.sleep(POLL_S)
    return True
