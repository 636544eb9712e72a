"""Websockets that this process passes to the sidecar: the socket goes over, what remains here is a name to end it by.

The sidecar carries their messages itself then, which saves a thread or greenlet, a connection and two wake-ups of this
process for each message. They stay this worker's: when it ends, its pages are told to come back.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge import crossing
from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost
from flasknb.kernel_bridge.frames import Frame, Kind, pack_json
from flasknb.kernel_bridge.open_websockets import NORMAL, NOT_ALLOWED, OPEN

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 4.0  # a living sidecar answers at once
GOOD_FOR_S = 3.0  # a sidecar that hung for longer must not answer: the page has been told that it hangs


class PassedWebsocket:
    """A websocket that the sidecar carries. Any thread; nothing waits for the page."""

    def __init__(self, line: _Line, number: int) -> None:
        self._line, self._number = line, number
        self._is_over = False
        self._tell: Callable[[], None] = _tell_nobody

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say goodbye to the page with a code."""
        self._line.end(self._number, NORMAL if reason is None else reason, message or "", at_once=False)

    def expel(self, message: str) -> None:
        """Close with 1008; what the page still sends is not read."""
        self._line.end(self._number, NOT_ALLOWED, message, at_once=True)

    def when_over(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called, in some thread, when the websocket is over; at once, perhaps again, where it is."""
        self._tell = tell
        if self._is_over:
            tell()

    def be_over(self) -> None:
        """The sidecar has said so, or has gone."""
        self._is_over = True
        tell, self._tell = self._tell, _tell_nobody  # who is told may hold us
        tell()


def _tell_nobody() -> None:
    pass


class Passing:
    """Any thread or greenlet; also after a fork, when what was passed stays the parent's.

    Args:
        connect: makes the connection over which sockets go.
    """

    def __init__(self, connect: Callable[[], BridgeConnection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._line: _Line | None = None
        self._owner_pid = os.getpid()

    def pass_on(self, descriptor: int, terms: Mapping[str, Any]) -> PassedWebsocket:
        """Have the sidecar answer and carry the websocket whose socket is ``descriptor``.

        Raises:
            FlasknbError: it has refused; nothing was answered.
        """
        line = self._standing_line()
        try:
            return line.pass_on(descriptor, terms)
        except ConnectionLost:  # before anything was sent: that sidecar is gone, though its line may not know yet
            return self._standing_line(gone=line).pass_on(descriptor, terms)

    def close(self) -> None:
        """Let go: all pages that were passed are told to come back."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None and self._owner_pid == os.getpid():
            line.close()

    def _standing_line(self, gone: _Line | None = None) -> _Line:
        with self._lock:
            if self._owner_pid != os.getpid():
                self._line, self._owner_pid = None, os.getpid()
            if self._line is None or self._line is gone or self._line.is_over:
                self._line = _Line(self._connect())
            return self._line


class _Line:
    """One connection, and the websockets that went over it."""

    def __init__(self, connection: BridgeConnection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Answer] = {}
        self._passed: dict[int, PassedWebsocket] = {}
        self.is_over = False
        threading.Thread(target=self._listen, name="passed websockets", daemon=True).start()

    def pass_on(self, descriptor: int, terms: Mapping[str, Any]) -> PassedWebsocket:
        number, answer = next(self._numbers), _Answer()
        self._waiting[number] = answer
        passed = self._passed[number] = PassedWebsocket(self, number)
        try:
            self._send(
                pack_json(Kind.CALL, {"id": number, "until_s": time.monotonic() + GOOD_FOR_S, **terms}), descriptor
            )
            answer.wait()
        except BaseException:
            self._passed.pop(number, None)
            raise
        finally:
            del self._waiting[number]
        OPEN.add(passed)
        return passed

    def end(self, number: int, code: int, reason: str, *, at_once: bool) -> None:
        try:
            self._send(pack_json(Kind.END, {"id": number, "code": code, "reason": reason, "at_once": at_once}))
        except ConnectionLost as error:
            log.debug("the websocket has ended before reason=%s", error)

    def close(self) -> None:
        self._connection.wake()

    def _send(self, frame: bytes, descriptor: int | None = None) -> None:
        with self._sending:
            if self.is_over:
                raise ConnectionLost("the sidecar has gone")
            self._connection.send(frame, descriptor)

    def _listen(self) -> None:
        try:
            while True:
                self._hear(self._connection.receive(None))
        except ConnectionLost as error:
            log.debug("the line of passed websockets has ended reason=%s", error)
        finally:
            self._be_over()

    def _hear(self, frame: Frame) -> None:
        told = frame.json()
        number = told["id"]
        if frame.kind is Kind.END:
            passed = self._passed.pop(number, None)
            if passed is not None:
                passed.be_over()
        elif (answer := self._waiting.get(number)) is not None:
            answer.give(None if frame.kind is Kind.RESULT else crossing.error_of(told["error"]))

    def _be_over(self) -> None:
        with self._sending:
            self.is_over = True
            self._connection.close()
        for answer in list(self._waiting.values()):
            answer.give(SidecarUnavailable("The process that runs the kernels ended just now; try again."))
        passed, self._passed = self._passed, {}
        for one in passed.values():
            one.be_over()


class _Answer:
    """What the sidecar says to one websocket, waited for in another thread."""

    def __init__(self) -> None:
        self._given = threading.Event()
        self._error: Exception | None = None

    def give(self, error: Exception | None) -> None:
        self._error = error
        self._given.set()

    def wait(self) -> None:
        """Raises the error that was given, or SidecarUnavailable after ANSWER_TIMEOUT_S."""
        if not self._given.wait(ANSWER_TIMEOUT_S):
            raise SidecarUnavailable(
                "The process that runs the kernels does not answer. Files still work; try again in a moment."
            )
        if self._error is not None:
            raise self._error
