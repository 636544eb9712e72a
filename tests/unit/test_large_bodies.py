"""Large bodies, read to where they stay: by the view, under gunicorn, and under the command's own server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import NoMoreData
from gunicorn.http.unreader import SocketUnreader
from werkzeug.exceptions import ClientDisconnected

from flasknb.blueprints.request_body import PIECE_BYTES, READ_BYTES, body_bytes
from flasknb.cli.direct_body import DirectBody
from flasknb.cli.loopback_server import DirectInput

SIZES = [PIECE_BYTES + 1, READ_BYTES, READ_BYTES + 1, 20 * READ_BYTES - 1]


class OnlyRead:
    """A body as WSGI promises it, and no more."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def read(self, size: int) -> bytes:
        return self._content.read(min(size, 100_000))


def pattern(size_bytes: int) -> bytes:
    return b"".join(b"%08d" % number for number in range(size_bytes // 8 + 1))[:size_bytes]


def read_in_view(source: Any, length_bytes: int) -> bytes:
    where = {"wsgi.input": source, "CONTENT_LENGTH": str(length_bytes)}
    with Flask("site").test_request_context(method="PUT", environ_overrides=where):
        return body_bytes()


@pytest.mark.parametrize("size_bytes", SIZES)
@pytest.mark.parametrize("source", [OnlyRead, BytesIO])
def test_a_body_arrives_whole_however_it_is_read(source: Any, size_bytes: int) -> None:
    content = pattern(size_bytes)
    assert read_in_view(source(content + b"the next request"), size_bytes) == content


@pytest.mark.parametrize("source", [OnlyRead, BytesIO])
def test_a_body_that_ends_early_is_refused(source: Any) -> None:
    with pytest.raises(ClientDisconnected):
        read_in_view(source(pattern(READ_BYTES)), READ_BYTES + 10)


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server = socket.socketpair()
    with client, server:
        yield client, server


def filled(body: DirectBody, size_bytes: int) -> bytes:
    """Read as Werkzeug does, which brings a ``bytearray``."""
    found = b""
    while len(found) < size_bytes and (count := body.readinto(room := bytearray(size_bytes - len(found)))):
        found += room[:count]
    return found


def test_gunicorn_reads_what_came_with_the_head_first_and_not_the_next_request(
    connection: tuple[socket.socket, socket.socket],
) -> None:
    client, server = connection
    unreader = SocketUnreader(server)
    unreader.unread(b"abc")
    client.sendall(b"defgGET / HTTP/1.1")
    body = DirectBody(LengthReader(unreader, 7))
    assert filled(body, 2) == b"ab"
    assert filled(body, 100) == b"cdefg"
    assert filled(body, 100) == b""
    assert (body.read(), unreader.read(5), body.failed) == (b"", b"GET /", False)


def test_gunicorn_goes_on_after_an_ordinary_read(connection: tuple[socket.socket, socket.socket]) -> None:
    client, server = connection
    client.sendall(b"first line\nsecond")
    body = DirectBody(LengthReader(SocketUnreader(server), 17))
    assert body.readline() == b"first line\n"
    assert filled(body, 100) == b"second"


def test_gunicorn_knows_that_a_connection_ended_early(connection: tuple[socket.socket, socket.socket]) -> None:
    client, server = connection
    client.sendall(b"abc")
    client.close()
    body = DirectBody(LengthReader(SocketUnreader(server), 7))
    with pytest.raises(NoMoreData):
        filled(body, 7)
    assert body.failed


def test_gunicorn_reads_chunks_as_ever(connection: tuple[socket.socket, socket.socket]) -> None:
    client, server = connection
    client.sendall(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    body = DirectBody(ChunkedReader(None, SocketUnreader(server)))
    assert filled(body, 100) == b"abcde"


def test_the_commands_server_reads_to_the_bodys_end_only() -> None:
    file = BytesIO(b"abcdefgGET / HTTP/1.1")
    body = DirectInput(file, 7)
    room = bytearray(100)
    assert (body.read(2), body.readinto(room), bytes(room[:5])) == (b"ab", 5, b"cdefg")
    assert (body.readinto(room), body.read(), file.read(3)) == (0, b"", b"GET")


def test_the_commands_server_asks_for_a_body_that_waits(connection: tuple[socket.socket, socket.socket]) -> None:
    client, server = connection
    body = DirectInput(BytesIO(b"abc"), 3, server)
    assert body.readinto(memoryview(bytearray(3))) == 3
    assert client.recv(100).startswith(b"HTTP/1.1 100 Continue")
