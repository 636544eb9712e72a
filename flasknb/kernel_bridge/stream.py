"""A worker's stream of one kernel's messages for one websocket."""

from __future__ import annotations

import struct
import threading
from collections.abc import Mapping
from typing import Any

from flasknb.kernel_bridge.bridge import Joined
from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost
from flasknb.kernel_bridge.frames import Kind, pack
from flasknb.kernel_bridge.ws_codec import SEQ_BYTES


class SidecarStream:
    """``ChannelStream`` over a bridge connection. One thread receives; any may send or close."""

    def __init__(self, connection: BridgeConnection, answer: Mapping[str, Any]) -> None:
        missing = answer["missing"]
        gap = (missing[0], missing[1]) if isinstance(missing, list) else missing
        self.joined = Joined(answer["epoch"], answer["seq"], gap, confirms=bool(answer.get("confirms")))
        self._connection = connection
        self._sending = threading.Lock()
        self._waiting: list[bytes | str] = []
        self._sends_no_more = self.has_ended = False
        self.end_reason = ""
        self.notes: list[str] = []

    def send(self, frame: bytes) -> None:
        """Pass one v1 payload to the kernel; after the end it is dropped, as the page is about to learn."""
        with self._sending:
            if self._sends_no_more:
                return
            try:
                self._connection.send(pack(Kind.MESSAGE, frame))
            except ConnectionLost:
                self._end()

    def receive_batch(self, timeout_s: float | None = None) -> list[bytes | str] | None:
        """Everything that has arrived, at least one: messages as ``uint64`` number and v1 payload, notes as text.

        Returns:
            ``None`` when the stream has ended.

        Raises:
            TimeoutError: nothing came within ``timeout_s``.
        """
        waiting, self._waiting = self._waiting, []
        if waiting or self.has_ended:
            return waiting or None
        try:
            frames = self._connection.receive_batch(timeout_s)
        except ConnectionLost:
            self._end()
            return None
        bodies = [
            frame.body if frame.kind is Kind.MESSAGE else frame.body.decode()
            for frame in frames
            if frame.kind in (Kind.MESSAGE, Kind.EVENT)
        ]
        for end in (frame for frame in frames if frame.kind is Kind.END):  # what came before it still counts
            self.end_reason = str(end.json().get("reason", ""))
            self._end()
        return bodies or None

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The next message as ``(sequence number, v1 payload)``, see ``receive_batch``; notes go to ``notes``."""
        while (batch := self.receive_batch(timeout_s)) is not None:
            body, self._waiting = batch[0], batch[1:]
            if isinstance(body, bytes):
                return struct.unpack_from("<Q", body)[0], body[SEQ_BYTES:]
            self.notes.append(body)
        return None

    def close(self) -> None:
        """Send no more. What was sent is still read there; then the stream ends for whoever receives.

        A second call ends it at once.
        """
        if self._sends_no_more:
            self._end()
            return
        with self._sending:
            self._sends_no_more = True
            self._connection.finish_sending()

    def release(self) -> None:
        """Let go of the sockets, once nobody receives any more."""
        self._end()
        self._connection.close()

    def _end(self) -> None:
        self._sends_no_more = self.has_ended = True
        self._connection.wake()
