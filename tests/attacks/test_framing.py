"""Row 92: a request that two servers in a row could cut differently is refused, or is the last of its connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.servers import Server, start_server

ANSWER_TIMEOUT_S = 10.0
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
SMUGGLED = "GET {path}api HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
AMBIGUOUS = {
    "both lengths": ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    "two lengths": ("Content-Length: 0\r\nContent-Length: 40\r\n", ""),
    "unknown coding": ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
    "two codings": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
    "two hosts": ("Content-Length: 0\r\nHost: evil.example\r\n", ""),
    "negative": ("Content-Length: -1\r\n", ""),
    "signed": ("Content-Length: +4\r\n", "abcd"),
    "folded": ("X-A: 1\r\n Content-Length: 4\r\nContent-Length: 0\r\n", ""),
    "blank before the colon": ("Content-Length : 4\r\n", ""),
    "no colon": ("Content-Length\r\n", ""),
}


@pytest.fixture(scope="module", params=["gunicorn", "flasknb"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield started
    assert "Traceback" not in started.log
    started.stop()


@pytest.mark.parametrize(("headers", "body"), AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_row_92_nothing_is_smuggled_behind_an_ambiguous_request(server: Server, headers: str, body: str) -> None:
    parts = urlsplit(server.base_url)
    head = f"POST {parts.path}api/kernels HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n"
    answer = exchange(server, head + body + SMUGGLED.format(path=parts.path, host=parts.netloc))
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert answer.split(b" ", 2)[1] in (b"400", b"403", b"501")


def test_row_92_bytes_behind_a_refused_websocket_are_no_request(server: Server) -> None:
    parts = urlsplit(server.base_url)
    handshake = (
        f"GET {parts.path}api/kernels/{UNKNOWN_ID}/channels HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: token {server.token}\r\n\r\n"
    )
    answer = exchange(server, handshake + SMUGGLED.format(path=parts.path, host=parts.netloc))
    assert answer.startswith(b"HTTP/1.1 404")
    assert server.way == "gunicorn" or answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "header", ["SCRIPT_NAME: /evil", "SCRIPT_NAME: /log", "PATH_INFO: /evil", "Script-Name: /evil"]
)
def test_row_46_a_visitors_header_does_not_move_the_mount(server: Server, header: str) -> None:
    """gunicorn believes such headers from this machine, where a proxy may pass a visitor's on."""
    host = urlsplit(server.base_url).netloc
    answer = exchange(server, f"GET /login HTTP/1.1\r\nHost: {host}\r\n{header}\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"report-uri /api/" in answer
    assert b"/evil" not in answer


def test_row_92_a_target_with_scheme_and_host_is_the_path_in_it(server: Server) -> None:
    """RFC 9112, 3.2.2: a server takes it, though only proxies are asked so."""
    host = urlsplit(server.base_url).netloc
    answer = exchange(server, f"GET http://{host}/api HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"version"' in answer


def exchange(server: Server, sent: str) -> bytes:
    """Everything the server says to ``sent`` until it hangs up or is silent."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_TIMEOUT_S) as connection:
        connection.sendall(sent.encode())
        with suppress(OSError):
            while piece := connection.recv(65536):
                received += piece
                connection.settimeout(2.0)
    return received
