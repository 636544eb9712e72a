"""Pings silent pages and gives up those that are gone: one thread for all websockets of a process.

So waiting for a page's next message costs no timer, and no thread of its own.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import Protocol

SHORTEST_LOOK_S, LONGEST_LOOK_S = 0.05, 5.0


class Kept(Protocol):
    """What is kept alive."""

    @property
    def next_look_s(self) -> float:
        """When to call ``look``, on the monotonic clock, which asyncio has too."""

    def look(self, now_s: float) -> None:
        """Where a thread looks, this may wait for whoever is at the other end."""


class Keeper:
    """Any thread may have something kept; the thread that looks ends with the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: weakref.WeakSet[Kept] = weakref.WeakSet()
        self._looks = False
        self._looks_next_s = 0.0
        self._sooner = threading.Event()

    def keep(self, one: Kept) -> None:
        """Look after ``one`` from now on."""
        with self._lock:
            self._kept.add(one)
            must_start, self._looks = not self._looks, True
        if must_start:
            threading.Thread(target=self._look_at_all, name="keeper", daemon=True).start()
        elif one.next_look_s < self._looks_next_s:
            self._sooner.set()

    def let_go(self, one: Kept) -> None:
        """It is over."""
        with self._lock:
            self._kept.discard(one)

    def _look_at_all(self) -> None:
        while kept := self._still_kept():
            self._sooner.clear()
            now_s = time.monotonic()
            next_s = now_s + LONGEST_LOOK_S
            for one in kept:
                due_s = one.next_look_s
                next_s = min(next_s, due_s)
                if due_s <= now_s:
                    # in a thread of its own: a page that reads slowly makes it wait, and others must not wait for it
                    threading.Thread(target=one.look, args=(now_s,), daemon=True).start()
            self._looks_next_s = next_s
            self._sooner.wait(max(SHORTEST_LOOK_S, next_s - now_s))

    def _still_kept(self) -> list[Kept]:
        with self._lock:
            self._looks = bool(self._kept)
            return list(self._kept)
