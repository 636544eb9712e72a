"""The worker's end of terminals: calls to the sidecar, and the stream of one terminal for one websocket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from flasknb.kernel_bridge.connection import BridgeConnection
from flasknb.kernel_bridge.frames import Kind
from flasknb.kernel_bridge.stream_end import StreamEnd
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


class SidecarTerminalStream(StreamEnd):
    """``TerminalStream`` over a bridge connection: sends packed commands. One thread receives; any may send."""

    def receive_batch(self, timeout_s: float | None = None) -> list[bytes] | None:
        """All websocket messages that have arrived, at least one; ``None`` when the stream has ended.

        Raises:
            TimeoutError: nothing came within ``timeout_s``.
        """
        if self.has_ended:
            return None
        frames = self._receive_frames(timeout_s)
        return [frame.body for frame in frames if frame.kind is Kind.MESSAGE] or None
