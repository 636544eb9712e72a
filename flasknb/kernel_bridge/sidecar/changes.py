"""What happened lately, numbered, for whoever listens: changes of kernels and sessions, and events."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

CHANGES_KEPT = 1000
Item = TypeVar("Item")


class Changes(Generic[Item]):
    """The newest changes; they are every listener's bounded queue. Event loop only.

    ``run`` names this run of numbers, which begin at 1; ``newest`` is the last one given.
    """

    def __init__(self, limit: int = CHANGES_KEPT) -> None:
        self.run = uuid.uuid4().hex
        self.newest = 0
        self._kept: deque[Item] = deque(maxlen=limit)
        self._listeners: list[Callable[[], None]] = []

    def publish(self, change: Item) -> None:
        """Keep ``change`` and tell the listeners that there is news."""
        self.newest += 1
        self._kept.append(change)
        for listener in list(self._listeners):
            listener()

    def after(self, number: int) -> tuple[int, list[Item]]:
        """How many changes after ``number`` are gone, and those that are not."""
        wanted = max(0, self.newest - number)
        kept = list(self._kept)[max(0, len(self._kept) - wanted) :]
        return wanted - len(kept), kept

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` at every change from now on."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Stop calling ``listener``; fine when it never was one."""
        if listener in self._listeners:
            self._listeners.remove(listener)
