"""What happened to kernels and sessions lately, numbered, for whoever listens."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable

from flasknb.kernel_bridge.models import Change

CHANGES_KEPT = 1000


class Changes:
    """The newest changes; they are every listener's bounded queue. Event loop only.

    ``run`` names this run of numbers, which begin at 1; ``newest`` is the last one given.
    """

    def __init__(self, limit: int = CHANGES_KEPT) -> None:
        self.run = uuid.uuid4().hex
        self.newest = 0
        self._kept: deque[Change] = deque(maxlen=limit)
        self._listeners: list[Callable[[], None]] = []

    def publish(self, change: Change) -> None:
        """Keep ``change`` and tell the listeners that there is news."""
        self.newest += 1
        self._kept.append(change)
        for listener in list(self._listeners):
            listener()

    def after(self, number: int) -> tuple[int, list[Change]]:
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
