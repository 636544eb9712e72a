"""Work whose outcome nobody waits for: done at once, or handed to a caller who has time once the answer is out."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar

Work = Callable[[], object]

_collected: ContextVar[deque[Work] | None] = ContextVar("flasknb_afterwards", default=None)


def once_answered(work: Work) -> None:
    """Do ``work``, which never raises: later where somebody collects such work, else now."""
    collected = _collected.get()
    if collected is None:
        work()
    else:
        collected.append(work)


@contextlib.contextmanager
def collected() -> Iterator[deque[Work]]:
    """What comes up inside of the block, not done yet: for ``do_all``. Counts for this thread and greenlet."""
    left: deque[Work] = deque()
    token = _collected.set(left)
    try:
        yield left
    finally:
        _collected.reset(token)


def do_all(left: deque[Work]) -> None:
    """Do what was collected, each piece once, whoever else is at it."""
    with contextlib.suppress(IndexError):
        while True:
            left.popleft()()
