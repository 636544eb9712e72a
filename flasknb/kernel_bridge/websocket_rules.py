"""What is kept to with every page: be it a worker that carries its websocket (``websocket``) or the sidecar."""

from __future__ import annotations

import struct

from flasknb.kernel_bridge.bridge import ENDED, STALE
from flasknb.kernel_bridge.open_websockets import NORMAL, RESTARTING
from flasknb.kernel_bridge.ws_frames import CLOSE, FINAL, frame_head

SEND_TIMEOUT_S = 60.0  # a page that takes not one byte for so long is gone
CLOSE_WAIT_S = 2.0  # for the page's answer to our close
MAX_PINGS_PER_S = 1_000
TOO_MANY_PINGS = f"at most {MAX_PINGS_PER_S} pings a second are answered"
REASON_BYTES = 120  # a control frame has room for 125
COME_BACK = (RESTARTING, "the connection to the kernel was lost; come back")
FAREWELLS = {
    STALE: (NORMAL, "this session has a newer connection"),
    ENDED: (NORMAL, "the kernel was shut down"),
}


def farewell(end_reason: str | None) -> tuple[int, str]:
    """Code and words for a page whose stream has ended so."""
    return FAREWELLS.get(end_reason or "", COME_BACK)


def close_frame(code: int, reason: str) -> tuple[bytes, bytes]:
    """Head and body of a close; a reason that is too long is cut, never within a character."""
    body = struct.pack(">H", code) + reason.encode()[:REASON_BYTES].decode(errors="ignore").encode()
    return frame_head(FINAL | CLOSE, len(body)), body


class PingLimit:
    """Counts the pings of one page."""

    __slots__ = ("_count", "_since_s")

    def __init__(self) -> None:
        self._count, self._since_s = 0, 0.0

    def is_exceeded(self, now_s: float) -> bool:
        """Whether one more, now, is one too many."""
        if now_s - self._since_s > 1.0:
            self._count, self._since_s = 0, now_s
        self._count += 1
        return self._count > MAX_PINGS_PER_S
