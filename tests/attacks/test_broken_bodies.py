"""Rows 94 and 95 against real servers: bodies of strangers, bodies that break off, versions that do not exist."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.servers import Server, start_server

MEGABYTE = 1 << 20
SENT_MEGABYTES = 64
ANSWER_TIMEOUT_S = 20.0
UPLOAD = b'--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
FORMS = {"multipart/form-data; boundary=B": UPLOAD, "application/x-www-form-urlencoded": b"password="}


@pytest.fixture(scope="module", params=["mounted", "flasknb"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield started
    started.stop()


@pytest.mark.parametrize("mimetype", FORMS)
@pytest.mark.parametrize("path", ["login", "logout", "api/kernels", "api/contents", "nowhere"])
def test_row_94_a_long_form_of_a_stranger_is_refused_unread(server: Server, path: str, mimetype: str) -> None:
    before_mb = _megabytes_held(server)
    status = _post(server, path, mimetype, FORMS[mimetype], filler=SENT_MEGABYTES)
    assert status == 413
    assert _megabytes_held(server) < before_mb + SENT_MEGABYTES / 2


def test_row_94_a_report_of_a_browser_has_a_limit_too(server: Server) -> None:
    assert _post(server, "api/security/csp-report", "text/plain", b"", filler=1, token=server.token) == 413


@pytest.mark.parametrize("body", [b"zz\r\nabc", b"5\r\nabc", b"\r\n\r\n", b"-1\r\na\r\n"])
@pytest.mark.parametrize("path", ["api/contents/x.txt", "api/config/x"])
def test_row_94_broken_chunks_are_the_clients_mistake(server: Server, path: str, body: bytes) -> None:
    head = _head(server, "PUT", path, "Transfer-Encoding: chunked", f"Authorization: token {server.token}")
    with _connected(server) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        assert _status(connection) == 400
    assert list(server.root_dir.iterdir()) == []


VERSIONS = [("nbformat", True), ("nbformat", 0), ("nbformat", -1), ("nbformat", 1.5), ("nbformat", 10**18)]
VERSIONS += [("nbformat", "4"), ("nbformat", [4]), ("nbformat_minor", 1.5), ("nbformat_minor", -1)]
VERSIONS += [("nbformat_minor", 10**18), ("nbformat_minor", "x"), ("nbformat_minor", {})]


@pytest.mark.parametrize(("field", "value"), VERSIONS)
def test_row_95_a_version_that_cannot_be_is_a_400(server: Server, field: str, value: object) -> None:
    content = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, field: value}
    body = json.dumps({"type": "notebook", "content": content}).encode()
    head = _head(
        server, "PUT", "api/contents/v.ipynb", f"Content-Length: {len(body)}", f"Authorization: token {server.token}"
    )
    with _connected(server) as connection:
        connection.sendall(head + body)
        assert _status(connection) == 400
    assert list(server.root_dir.iterdir()) == []


def _post(server: Server, path: str, mimetype: str, start: bytes, *, filler: int, token: str = "") -> int:
    """Status of a POST of ``filler`` megabytes; the server may hang up before all is sent."""
    length = f"Content-Length: {len(start) + filler * MEGABYTE}"
    head = _head(server, "POST", path, f"Content-Type: {mimetype}", length, f"Authorization: token {token}")
    with _connected(server) as connection:
        try:
            connection.sendall(head + start)
            for _ in range(filler):
                connection.sendall(b"a" * MEGABYTE)
        except OSError:
            pass
        return _status(connection)


def _head(server: Server, method: str, path: str, *headers: str) -> bytes:
    parts = urlsplit(server.base_url)
    lines = [f"{method} {parts.path}{path} HTTP/1.1", f"Host: {parts.netloc}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode()


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_TIMEOUT_S)


def _status(connection: socket.socket) -> int:
    answer = connection.recv(4096)
    return int(answer.split(b" ", 2)[1])


def _megabytes_held(server: Server) -> float:
    """Memory of the server's processes, and files they hold open that no folder lists."""
    processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    return sum(process.memory_info().rss + _spooled_bytes(process.pid) for process in processes) / MEGABYTE


def _spooled_bytes(pid: int) -> int:
    total_bytes = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if "(deleted)" in str(descriptor.readlink()):
                total_bytes += descriptor.stat().st_size
        except OSError:
            continue
    return total_bytes
