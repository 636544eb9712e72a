"""The worker's end of terminals: calls to the sidecar, and the stream of one terminal for one websocket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost
from flasknb.kernel_bridge.frames import Kind, pack
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest

CREATE_TIMEOUT_S = 20.0


class Caller(Protocol):
    """A call of the sidecar, with its result as JSON."""

    def __call__(self, method: str, params: dict[str, Any] | None = None, *, timeout_s: float = ...) -> Any: ...


class SidecarTerminals:
    """``Terminals`` over the sidecar. Any thread or greenlet.

    Args:
        call: makes one call.
        join: opens a connection that looks at the terminal of that name; raises TerminalMissing.
    """

    def __init__(self, call: Caller, join: Callable[[str], BridgeConnection]) -> None:
        self._call, self._join = call, join

    def list(self) -> Sequence[TerminalModel]:
        """Every terminal, oldest first."""
        return [TerminalModel(**terminal) for terminal in self._call("list_terminals")]

    def create(self, request: TerminalRequest) -> TerminalModel:
        """Start a terminal, or find the one of that name."""
        params = {"request": asdict(request)}
        return TerminalModel(**self._call("create_terminal", params, timeout_s=CREATE_TIMEOUT_S))

    def get(self, name: str) -> TerminalModel:
        """One terminal."""
        return TerminalModel(**self._call("get_terminal", {"terminal": name}))

    def delete(self, name: str) -> None:
        """End a terminal and what runs in it."""
        self._call("delete_terminal", {"terminal": name})

    def open_stream(self, name: str) -> SidecarTerminalStream:
        """Look at a terminal."""
        return SidecarTerminalStream(self._join(name))


class SidecarTerminalStream:
    """``TerminalStream`` over a bridge connection. One thread receives; any may send or close."""

    def __init__(self, connection: BridgeConnection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._sends_no_more = self._has_ended = False
        self.end_reason = ""

    def send(self, command: bytes) -> None:
        """Pass on one packed command; after the end it is dropped, as the page is about to learn."""
        with self._sending:
            if self._sends_no_more:
                return
            try:
                self._connection.send(pack(Kind.MESSAGE, command))
            except ConnectionLost:
                self._end()

    def receive_batch(self, timeout_s: float | None = None) -> list[bytes] | None:
        """All websocket messages that have arrived, at least one; ``None`` when the stream has ended.

        Raises:
            TimeoutError: nothing came within ``timeout_s``.
        """
        if self._has_ended:
            return None
        try:
            frames = self._connection.receive_batch(timeout_s)
        except ConnectionLost:
            self._end()
            return None
        for frame in frames:
            if frame.kind is not Kind.MESSAGE:
                self.end_reason = str(frame.json().get("reason", ""))
                self._end()
        return [frame.body for frame in frames if frame.kind is Kind.MESSAGE] or None

    def close(self) -> None:
        """Send no more. What was sent is still read there; then the stream ends for whoever receives."""
        with self._sending:
            self._sends_no_more = True
            self._connection.finish_sending()

    def release(self) -> None:
        """Let go of the sockets, once nobody receives any more."""
        self._end()
        self._connection.close()

    def _end(self) -> None:
        self._sends_no_more = self._has_ended = True
        self._connection.wake()
