"""Uploads, downloads and conversions over real sockets, each way the product runs."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from flasknb.lingering import LINGER_BYTES
from tests.contents_site import notebook
from tests.processes import is_running
from tests.servers import WAYS, Server, start_server
from tests.waiting import eventually

MEGABYTE = 1024 * 1024
BIG_BYTES = 300 * MEGABYTE
ALLOWED_GROWTH_BYTES = 40 * MEGABYTE
HANG = """
import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "300"])
pathlib.Path({told!r}).write_text(str(child.pid))
time.sleep(300)
"""


# two ways in the quick run, all four in the slow one
SITES = [pytest.param(way, marks=() if way in ("flasknb", "gunicorn") else pytest.mark.slow) for way in WAYS]


@pytest.fixture(scope="module", params=SITES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(request.param, tmp_path_factory.mktemp(f"live-{request.param}"))
    yield started
    started.stop()


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def head(server: Server, method: str, path: str, *lines: str) -> bytes:
    place = urlsplit(server.base_url)
    fixed = (f"{method} {place.path}{path} HTTP/1.1", f"Host: {place.netloc}", f"Authorization: token {server.token}")
    return "\r\n".join((*fixed, *lines, "", "")).encode()


def answer_to(server: Server, request: bytes) -> bytes:
    """Everything the server sends until it closes."""
    with connect(server) as connection:
        connection.sendall(request)
        pieces = []
        while piece := connection.recv(MEGABYTE):
            pieces.append(piece)
        return b"".join(pieces)


def memory_bytes(server: Server) -> int:
    """Of the server and its workers; conversions and the sidecar are not theirs."""
    process = psutil.Process(server.pid)
    own = [child for child in process.children() if "gunicorn" in " ".join(child.cmdline())]
    return sum(one.memory_info().rss for one in (process, *own))


@pytest.mark.row("2.1 ranges")
def test_a_large_file_is_sent_without_being_held(server: Server) -> None:
    path = server.root_dir / "big.bin"
    with path.open("wb") as file:
        file.truncate(BIG_BYTES)
        file.seek(BIG_BYTES - 4)
        file.write(b"tail")
    answer_to(server, head(server, "GET", "files/none", "Connection: close"))
    before = memory_bytes(server)
    received, most, last = 0, before, b""
    with connect(server) as connection:
        connection.sendall(head(server, "GET", "files/big.bin", "Connection: close"))
        while piece := connection.recv(MEGABYTE):
            received += len(piece)
            last = (last + piece)[-4:]
            if received % 8 == 0:
                most = max(most, memory_bytes(server))
    assert last == b"tail"
    assert received > BIG_BYTES
    assert max(most, memory_bytes(server)) - before < ALLOWED_GROWTH_BYTES
    part = answer_to(server, head(server, "GET", "files/big.bin", "Connection: close", "Range: bytes=-4"))
    assert part.startswith(b"HTTP/1.1 206")
    assert part.endswith(b"tail")
    path.unlink()


def test_a_body_over_the_limit_is_refused_before_it_is_sent(server: Server) -> None:
    request = head(server, "PUT", "api/contents/huge.txt", "Content-Length: 10737418240", "Connection: close")
    began = time.monotonic()
    with connect(server) as connection:
        connection.sendall(request + b'{"type": "file"')
        assert b" 413 " in connection.recv(4096).split(b"\r\n")[0]
    assert time.monotonic() - began < 10
    assert not (server.root_dir / "huge.txt").exists()


@pytest.mark.parametrize("framing", ["Content-Length: 10737418240", "Transfer-Encoding: chunked"])
def test_a_refused_upload_is_not_read_to_its_end(server: Server, framing: str) -> None:
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n" if "chunked" in framing else bytes(0x10000)
    with connect(server) as connection:
        connection.sendall(head(server, "POST", "api/nothing/here", framing) + piece)
        assert b" 404 " in connection.recv(4096).split(b"\r\n")[0]
        with pytest.raises(OSError, match=r"reset|pipe"):
            connection.sendall(piece * (4 * LINGER_BYTES // len(piece)))


@pytest.mark.row("4.3 put")
def test_an_upload_that_breaks_off_leaves_the_old_file(server: Server) -> None:
    path = server.root_dir / "half.txt"
    path.write_text("old")
    body = json.dumps({"type": "file", "format": "text", "content": "new" * 1000}).encode()
    for framing, sent in (
        (f"Content-Length: {len(body)}", body[: len(body) // 2]),
        ("Transfer-Encoding: chunked", b"%x\r\n" % len(body) + body),
    ):
        with connect(server) as connection:
            connection.sendall(head(server, "PUT", "api/contents/half.txt", framing) + sent)
            connection.shutdown(socket.SHUT_RDWR)
    again = answer_to(server, head(server, "GET", "files/half.txt", "Connection: close"))
    assert again.endswith(b"\r\n\r\nold")
    assert not [name for name in os.listdir(server.root_dir) if name.startswith(".~")]  # noqa: PTH208


def test_a_download_that_breaks_off_leaves_no_file_open(server: Server) -> None:
    path = server.root_dir / "long.bin"
    path.write_bytes(bytes(60 * MEGABYTE))
    with connect(server) as connection:
        connection.sendall(head(server, "GET", "files/long.bin"))
        connection.recv(1000)

    def is_closed() -> bool:
        processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children()]
        return not [one for one in processes if str(path) in {file.path for file in one.open_files()}]

    assert eventually(is_closed)
    path.unlink()


@pytest.mark.row("2.2 get", "2.2 errors")
def test_a_conversion_works_and_ends_when_nobody_waits_for_it(server: Server, tmp_path: Path) -> None:
    (server.root_dir / "a.ipynb").write_text(json.dumps(notebook("1 + 1")))
    request = head(server, "GET", "nbconvert/python/a.ipynb", "Connection: close")
    good = answer_to(server, request)
    assert good.startswith(b"HTTP/1.1 200")
    assert b"1+1" in good.replace(b" ", b"")
    told = tmp_path / "told"
    config = server.config_dir / "jupyter_nbconvert_config.py"
    config.write_text(HANG.format(told=str(told)))
    with connect(server) as connection:
        connection.sendall(request)
        assert eventually(lambda: told.exists() and told.read_text() != "", within_s=30)
    pid = int(told.read_text())
    assert eventually(lambda: not is_running(pid))
    config.unlink()
    assert answer_to(server, request).startswith(b"HTTP/1.1 200")
