"""Waiting at a socket for as long as it takes, in a way that leaves the socket's duplicates as they are."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flasknb.kernel_bridge.tls import TlsSocket

FOREVER_S = 365 * 24 * 3600.0


def wait_without_end(connection: socket.socket | TlsSocket) -> None:
    """Let ``recv`` wait for as long as it takes.

    A plain socket without a timeout blocks, and so do its duplicates, which have one. gevent's never block, and make a
    timer for each wait that has a timeout.
    """
    is_green = isinstance(connection, socket.socket) and type(connection).__module__.startswith("gevent.")
    connection.settimeout(None if is_green else FOREVER_S)  # type: ignore[arg-type]  # no TlsSocket, if None
