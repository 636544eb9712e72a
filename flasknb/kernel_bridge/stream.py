"""A worker's stream of one kernel's messages for one websocket."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from flasknb.kernel_bridge.bridge import Joined
from flasknb.kernel_bridge.connection import BridgeConnection
from flasknb.kernel_bridge.frames import Kind
from flasknb.kernel_bridge.stream_end import StreamEnd
from flasknb.kernel_bridge.ws_codec import SEQ_BYTES


class SidecarStream(StreamEnd):
    """``ChannelStream`` over a bridge connection: sends v1 payloads. One thread receives; any may send or close."""

    def __init__(self, connection: BridgeConnection, answer: Mapping[str, Any]) -> None:
        super().__init__(connection)
        missing = answer["missing"]
        gap = (missing[0], missing[1]) if isinstance(missing, list) else missing
        self.joined = Joined(answer["epoch"], answer["seq"], gap, confirms=bool(answer.get("confirms")))
        self._waiting: list[bytes | str] = []
        self.notes: list[str] = []

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
        bodies: list[bytes | str] = []
        for kind, body in self._receive_frames(timeout_s):
            if kind is Kind.MESSAGE:
                bodies.append(body)
            elif kind is Kind.EVENT:
                bodies.append(body.decode())
        return bodies or None

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The next message as ``(sequence number, v1 payload)``, see ``receive_batch``; notes go to ``notes``."""
        while (batch := self.receive_batch(timeout_s)) is not None:
            body, self._waiting = batch[0], batch[1:]
            if not isinstance(body, str):
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
        super().close()
