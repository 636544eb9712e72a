"""The socket of a request, taken from the WSGI server that reads it. Knows each server's way to hide it."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any


class ServerSocket:
    """A server's socket, of which another process is to get a copy. Belongs to one request.

    ``kind`` names the server, see ``blueprints.sockets.AlreadyAnswered``.
    """

    def __init__(self, kind: str, connection: Any) -> None:
        self.kind, self._connection = kind, connection

    @property
    def descriptor(self) -> int:
        """Its number in this process."""
        return int(self._connection.fileno())

    def let_go(self) -> None:
        """Leave the connection to whoever has the copy: the server's own socket is one at its end from now on.

        Servers read what is left, shut down, and close after an answer; none of that may reach the page.
        """
        descriptor = self.descriptor
        _watch_no_more(descriptor)
        os.dup2(_ended_socket(os.getpid()).fileno(), descriptor, inheritable=False)


def socket_of(environ: Mapping[str, Any]) -> ServerSocket | None:
    """The socket of a request, where another process can go on with it; ``None``: not with TLS, or a strange server."""
    kind, connection = _found(environ)
    if connection is None or hasattr(connection, "do_handshake") or not hasattr(socket, "send_fds"):
        return None
    return ServerSocket(kind, connection)


def _found(environ: Mapping[str, Any]) -> tuple[str, Any]:
    for kind in ("werkzeug", "gunicorn"):
        if f"{kind}.socket" in environ:
            return kind, environ[f"{kind}.socket"]
    if str(environ.get("SERVER_SOFTWARE", "")).startswith("gevent"):
        body = environ.get("wsgi.input")
        return "gevent", getattr(getattr(getattr(body, "rfile", body), "raw", None), "_sock", None)
    return "", None


def _watch_no_more(descriptor: int) -> None:
    """Have gevent's event loop forget a descriptor; it would hear of what comes for as long as anybody has a copy."""
    hubs = sys.modules.get("gevent.hub")
    if hubs is None or (poller := _poller_of(hubs.get_hub().loop)) is None:
        return
    try:
        with suppress(OSError):  # it was never waited for
            poller.unregister(descriptor)
    finally:
        poller.close()


def _poller_of(loop: Any) -> Any:
    """The epoll object behind an event loop, a copy that must be closed; ``None`` where there is none."""
    from gevent.monkey import get_original

    try:
        number = loop.fileno()
        return None if number is None else get_original("select", "epoll").fromfd(os.dup(number))
    except (AttributeError, OSError, NotImplementedError):
        return None


@cache
def _ended_socket(process: int) -> socket.socket:
    """One at its end: nothing is there to be read, nobody takes what is sent."""
    ended, other = socket.socketpair()
    other.close()
    return ended
