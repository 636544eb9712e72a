"""Whether the client of a long request still waits for its answer. Looks at the connection, takes nothing from it."""

from __future__ import annotations

import _socket  # the system's own socket: gevent's would wait in the hub for what is only to be looked at
import contextlib
from collections.abc import Callable
from typing import Any

from flask import request

CAN_LOOK = hasattr(_socket, "MSG_DONTWAIT")  # not on Windows


def absence_check() -> Callable[[], bool]:
    """A function that says whether the client of this request has hung up.

    It says no where the server does not show its connection. Call this in the request, the function anywhere.
    """
    connection = _connection(request.environ)
    if connection is None or not CAN_LOOK:
        return lambda: False
    return lambda: _has_hung_up(connection)


def _connection(environ: dict[str, Any]) -> Any:
    """The socket, where each of the servers we run under has it."""
    if (known := environ.get("werkzeug.socket") or environ.get("gunicorn.socket")) is not None:
        return known
    reader = environ.get("wsgi.input")
    return getattr(getattr(reader, "rfile", None), "raw", None)


def _has_hung_up(connection: Any) -> bool:
    """Whether its input has ended. Bytes that wait there are the next request, of a client that is still there."""
    try:
        raw = _socket.socket(fileno=_socket.dup(connection.fileno()))
    except (OSError, ValueError):
        return True
    with contextlib.closing(raw):
        try:
            return raw.recv(1, _socket.MSG_PEEK | _socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
