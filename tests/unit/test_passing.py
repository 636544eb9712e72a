"""A worker whose line to a dead sidecar has not noticed yet passes a page's socket over a new one."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, cast

import orjson
import pytest

from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost
from flasknb.kernel_bridge.frames import Frame, Kind
from flasknb.kernel_bridge.passing import Passing


class FakeConnection:
    """A sidecar that says yes to everything, or one that is dead and whose end nobody has read."""

    def __init__(self, *, is_dead: bool) -> None:
        self._is_dead = is_dead
        self._answers: deque[Frame] = deque()
        self._news = threading.Semaphore(0)
        self.sent = 0

    def send(self, frame: bytes, descriptor: int | None = None) -> None:
        if self._is_dead:
            raise ConnectionLost("it has gone")
        self.sent += 1
        self._answers.append(Frame(Kind.RESULT, orjson.dumps({"id": orjson.loads(frame[5:])["id"]})))
        self._news.release()

    def receive(self, timeout_s: float | None) -> Frame:
        self._news.acquire()
        if not self._answers:
            raise ConnectionLost("it was woken")
        return self._answers.popleft()

    def wake(self) -> None:
        self._news.release()

    def close(self) -> None:
        """Nothing is left open."""


def passing_over(*connections: FakeConnection) -> Passing:
    coming: Any = iter(connections)
    return Passing(lambda: cast(BridgeConnection, next(coming)))


def test_a_line_that_takes_nothing_any_more_is_replaced() -> None:
    dead, alive = FakeConnection(is_dead=True), FakeConnection(is_dead=False)
    passing = passing_over(dead, alive)
    passing.pass_on(0, {})
    passing.pass_on(0, {})
    assert alive.sent == 2
    passing.close()
    dead.wake()


def test_only_one_new_line_is_tried() -> None:
    dead, dead_too = FakeConnection(is_dead=True), FakeConnection(is_dead=True)
    passing = passing_over(dead, dead_too)
    with pytest.raises(ConnectionLost):
        passing.pass_on(0, {})
    passing.close()
    dead.wake()
