"""The open websockets of this process, their closing codes, what a handshake offers. Knows nothing of frames.

Every worker imports this; the websocket itself, with the libraries it needs, comes with the first page that opens one.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any, Protocol

NORMAL, GOING_AWAY, UNSUPPORTED, NOT_ALLOWED, TOO_BIG, INTERNAL, RESTARTING = 1000, 1001, 1003, 1008, 1009, 1011, 1012


class Closable(Protocol):
    """What can be told to end."""

    def close(self, reason: int | None = None, message: str | None = None) -> None: ...


OPEN: weakref.WeakSet[Closable] = weakref.WeakSet()


def close_all(code: int = RESTARTING, reason: str = "the server restarts") -> None:
    """Close every websocket of this process, so that pages come back elsewhere. Any thread; returns at once."""
    for websocket in list(OPEN):
        websocket.close(code, reason)


def offered_protocols(environ: Mapping[str, Any]) -> list[str]:
    """The subprotocols that the client names, in its order."""
    return [name.strip() for name in str(environ.get("HTTP_SEC_WEBSOCKET_PROTOCOL", "")).split(",") if name.strip()]
