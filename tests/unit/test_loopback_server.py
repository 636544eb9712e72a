"""The socket of the ``flasknb`` command's own server."""

from __future__ import annotations

import socket

import pytest
from flask import Flask

from flasknb.cli.loopback_server import SENT_AT_ONCE_BYTES, LoopbackServer, RequestHandler


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        LoopbackServer(Flask("empty"), [listener])
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.parametrize(
    ("closes", "given", "said"),
    [(True, [], [b"close"]), (False, [], []), (True, [("Connection", "close")], [b"close"])],
)
def test_the_last_answer_of_a_connection_says_so(closes: bool, given: list[tuple[str, str]], said: list[bytes]) -> None:
    handler = RequestHandler.__new__(RequestHandler)
    handler.close_connection, handler.request_version, handler.provided_date = closes, "HTTP/1.1", "now"
    handler.start_response("200 OK", [("Content-Length", "0"), *given])
    handler.finalize_headers()
    assert [value for name, value in handler.response_headers if name == b"Connection"] == said


@pytest.mark.parametrize("size_bytes", [0, 1, SENT_AT_ONCE_BYTES, SENT_AT_ONCE_BYTES + 1])
def test_a_small_answer_is_one_piece(size_bytes: int) -> None:
    sent: list[bytes] = []

    class Connection:
        def sendall(self, data: bytes) -> None:
            sent.append(bytes(data))

    handler = RequestHandler.__new__(RequestHandler)
    handler.socket, handler.response_length, handler.headers_sent = Connection(), 0, False
    handler.close_connection, handler.request_version, handler.command = False, "HTTP/1.1", "GET"
    handler.response_use_chunked, handler.provided_date = False, "now"
    handler.start_response("200 OK", [("Content-Length", str(size_bytes))])
    handler.write(bytes(size_bytes))
    head, _, body = b"".join(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == bytes(size_bytes)
    assert len(sent) == (1 if size_bytes <= SENT_AT_ONCE_BYTES else 2)
    assert handler.response_length == sum(map(len, sent))
