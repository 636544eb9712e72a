"""Closes websockets whose login has ended while they were open. Knows who asks and how often, not what a login is.

One thread for all websockets of the process asks every few seconds, so a message costs nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

log = logging.getLogger(__name__)

CHECK_INTERVAL_S = 2.0
IsWelcome = Callable[[], bool]


class Guest(Protocol):
    """A websocket that can be told to go."""

    def expel(self, message: str) -> None: ...


class Evictions:
    """The websockets of one process. Any thread may watch; the thread that asks ends with the last websocket."""

    def __init__(self, interval_s: float = CHECK_INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._watched: dict[Guest, IsWelcome] = {}
        self._is_asking = False

    @contextmanager
    def watching(self, websocket: Guest, is_welcome: IsWelcome) -> Iterator[None]:
        """Meanwhile ``websocket`` is closed, with 1008, once ``is_welcome`` says no."""
        self.watch(websocket, is_welcome)
        try:
            yield
        finally:
            self.forget(websocket)

    def watch(self, websocket: Guest, is_welcome: IsWelcome) -> None:
        """Close ``websocket``, with 1008, once ``is_welcome`` says no; until ``forget``."""
        with self._lock:
            self._watched[websocket] = is_welcome
            must_start, self._is_asking = not self._is_asking, True
        if must_start:
            threading.Thread(target=self._ask_all, daemon=True).start()

    def forget(self, websocket: Guest) -> None:
        """It is over."""
        with self._lock:
            self._watched.pop(websocket, None)

    def _ask_all(self) -> None:
        while watched := self._still_watched():
            for websocket, is_welcome in watched.items():
                if not _says_yes(is_welcome):
                    self._expel(websocket)
            time.sleep(self._interval_s)

    def _expel(self, websocket: Guest) -> None:
        with self._lock:
            self._watched.pop(websocket, None)
        log.info("websocket closed because its login has ended")
        # in a thread of its own: a page that reads slowly makes the close wait, and others must not wait for it
        threading.Thread(target=websocket.expel, args=("the login has ended",), daemon=True).start()

    def _still_watched(self) -> dict[Guest, IsWelcome]:
        with self._lock:
            self._is_asking = bool(self._watched)
            return dict(self._watched)


def _says_yes(is_welcome: IsWelcome) -> bool:
    try:
        return is_welcome()
    except Exception:  # one question that fails must not leave the others unasked
        log.exception("login of a websocket could not be checked")
        return True


EVICTIONS = Evictions()
closed_when_unwelcome = EVICTIONS.watching
