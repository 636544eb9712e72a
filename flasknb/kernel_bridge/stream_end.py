"""What every stream of a worker does at its bridge connection: send, end, let go. Does not know what is sent."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost
from flasknb.kernel_bridge.frames import Frame, Kind, pack


class StreamEnd:
    """The worker's end of a stream. One thread receives; any may send or close."""

    def __init__(self, connection: BridgeConnection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._sends_no_more = self.has_ended = False
        self.end_reason = ""

    def send(self, body: bytes) -> None:
        """Pass on one message; after the end it is dropped, as the page is about to learn."""
        with self._sending:
            if self._sends_no_more:
                return
            try:
                self._connection.send(pack(Kind.MESSAGE, body))
            except ConnectionLost:
                self._end()

    def close(self) -> None:
        """Send no more. What was sent is still read there; then the stream ends for whoever receives."""
        with self._sending:
            self._sends_no_more = True
            self._connection.finish_sending()

    def release(self) -> None:
        """Let go of the sockets, once nobody receives any more."""
        self._end()
        self._connection.close()

    def _receive_frames(self, timeout_s: float | None) -> Sequence[Frame]:
        """What has arrived, at least one frame; nothing when the connection is lost. Raises TimeoutError."""
        try:
            frames = self._connection.receive_batch(timeout_s)
        except ConnectionLost:
            self._end()
            return ()
        if frames[-1].kind is Kind.END:  # what came before it still counts, and nothing comes after it
            self.end_reason = str(frames[-1].json().get("reason", ""))
            self._end()
        return frames

    def _end(self) -> None:
        self._sends_no_more = self.has_ended = True
        self._connection.wake()
