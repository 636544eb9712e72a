"""Ends a connection of Werkzeug's server after an answer for which the body was not read; it would read up to 10 GB."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any

from flask import Response, request

from flasknb.blueprints.context import request_state
from flasknb.kernel_bridge.server_socket import ServerSocket, socket_of
from flasknb.lingering import LINGER_BYTES, LINGER_S

DROPPED_AT_ONCE_BYTES = 64 * 1024


def end_after_refusal(answer: Response) -> Response:
    """Have the connection end once an error is answered and some of the body was dropped, if nobody read the body."""
    if answer.status_code < 400 or request_state().has_read_body or answer.is_streamed or not _announces_body():
        return answer
    connection = request.environ.get("werkzeug.socket")
    if connection is None or (taken := socket_of(request.environ)) is None:
        return answer
    answer.headers["Content-Length"] = str(answer.calculate_content_length() or 0)
    answer.response = _then_end(answer.iter_encoded(), connection, taken)
    return answer


def _announces_body() -> bool:
    return bool(request.content_length) or "HTTP_TRANSFER_ENCODING" in request.environ


def _then_end(pieces: Iterable[bytes], connection: Any, taken: ServerSocket) -> Iterator[bytes]:
    """``pieces``; the server has sent the last one when it asks for one more."""
    yield from pieces
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        _drop_some(connection)
    taken.let_go()


def _drop_some(connection: Any) -> None:
    """Without that, a client that sends everything before it listens would find its connection broken."""
    left_bytes, ends_s = LINGER_BYTES, monotonic() + LINGER_S
    while left_bytes > 0 and (left_s := ends_s - monotonic()) > 0:
        if not select.select([connection], [], [], left_s)[0] or not (piece := connection.recv(DROPPED_AT_ONCE_BYTES)):
            return
        left_bytes -= len(piece)
