"""Rows 29, 31 and 34 against real servers: whose page, whose login, and how much of one message."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL
from tests.servers import Server, start_server

TIMEOUT_S = 60.0  # a busy machine reads a flood of frames for long
EVICTED_WITHIN_S = 15.0  # they are looked through every two seconds
MEGABYTE = 1 << 20
FRAGMENTS = 300_000
PINGS = 10_000


@dataclass(frozen=True)
class Place:
    """A running server with one kernel."""

    server: Server
    kernel_id: str

    def open(self, *headers: str, **options: Any) -> Any:
        """A websocket of the kernel."""
        url = (
            self.server.base_url.replace("http", "ws", 1)
            + f"api/kernels/{self.kernel_id}/channels?session_id={uuid.uuid4()}"
        )
        return websocket.create_connection(
            url, timeout=TIMEOUT_S, header=list(headers), subprotocols=[V1_PROTOCOL], **options
        )

    def refusal(self, cookies: str, origin: str | None) -> int:
        """Status of a handshake."""
        headers = {"Cookie": cookies, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} | ({} if origin is None else {"Origin": origin})
        url = f"{self.server.base_url}api/kernels/{self.kernel_id}/channels"
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=TIMEOUT_S)) as connection:
            connection.request("GET", urllib.parse.urlsplit(url).path, headers=headers)
            return connection.getresponse().status

    def open_with_token(self) -> Any:
        """A websocket of a program."""
        return self.open(f"Authorization: token {self.server.token}", suppress_origin=True)


class Browser:
    """Logs in as a person does; knows its cookies."""

    def __init__(self, server: Server) -> None:
        self._base_url = server.base_url
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        form = re.search(r'name="_xsrf" value="([^"]+)"', self.get("login"))
        assert form is not None
        sent = urllib.parse.urlencode({"password": server.token, "_xsrf": form.group(1)}).encode()
        self._opener.open(f"{self._base_url}login", sent, timeout=TIMEOUT_S).close()

    def get(self, path: str) -> str:
        """The page at ``path``."""
        with self._opener.open(self._base_url + path, timeout=TIMEOUT_S) as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)


@pytest.fixture(scope="module", params=["mounted", "flasknb", "flask"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    server = start_server(request.param, tmp_path_factory.mktemp(request.param))
    start = urllib.request.Request(f"{server.base_url}api/kernels", b"{}", {"Authorization": f"token {server.token}"})
    try:
        with urllib.request.urlopen(start, timeout=TIMEOUT_S) as answer:
            yield Place(server, json.loads(answer.read())["id"])
        assert "Traceback" not in server.log, server.log[-4000:]
    finally:
        server.stop()


def test_row_29_a_cookie_opens_a_websocket_for_our_own_pages_only(place: Place) -> None:
    cookies = Browser(place.server).cookies
    own = place.server.base_url.split("/", 3)
    place.open(cookie=cookies, origin="/".join(own[:3])).close()
    for foreign in ("http://evil.example", "null", f"http://127.0.0.1:{place.server.port + 1}", None):
        assert place.refusal(cookies, foreign) == 403


def test_row_31_a_logout_closes_the_websockets_of_that_login_alone(place: Place) -> None:
    leaving, staying = Browser(place.server), Browser(place.server)
    origin = place.server.base_url.rsplit("/a/b/", 1)[0].rstrip("/")
    ending = [place.open(cookie=leaving.cookies, origin=origin) for _ in range(4)]
    kept = [place.open(cookie=staying.cookies, origin=origin), place.open_with_token()]
    started_s = time.monotonic()
    leaving.get("logout")
    for one in ending:
        assert _close_code(one) == 1008
    assert time.monotonic() - started_s < EVICTED_WITHIN_S
    for one in kept:
        one.ping("still there?")
        assert _next_control(one) == websocket.ABNF.OPCODE_PONG
        one.close()


def test_row_31_a_websocket_opened_after_another_was_expelled_is_watched_too(place: Place) -> None:
    origin = place.server.base_url.rsplit("/a/b/", 1)[0].rstrip("/")
    for _ in range(2):
        browser = Browser(place.server)
        opened = place.open(cookie=browser.cookies, origin=origin)
        browser.get("logout")
        assert _close_code(opened) == 1008


@pytest.mark.parametrize("piece", [b"", b"a"], ids=["empty", "one byte"])
def test_row_34_a_message_of_endless_fragments_is_cut_off(place: Place, piece: bytes) -> None:
    channel = place.open_with_token()
    before_bytes = _memory_bytes(place.server)
    frames = websocket.ABNF(0, 0, 0, 0, websocket.ABNF.OPCODE_CONT, 1, piece).format() * 1000
    channel.send_frame(websocket.ABNF(0, 0, 0, 0, websocket.ABNF.OPCODE_BINARY, 1, b""))
    _flood(channel, frames, FRAGMENTS // 1000)
    assert _memory_bytes(place.server) - before_bytes < 30 * MEGABYTE
    assert _close_code(channel) in (1009, None)  # None: a reset overtook the close frame


def test_row_34_a_flood_of_pings_is_cut_off(place: Place) -> None:
    channel = place.open_with_token()
    before_bytes = _memory_bytes(place.server)
    _flood(channel, websocket.ABNF(1, 0, 0, 0, websocket.ABNF.OPCODE_PING, 1, b"x" * 100).format() * 100, PINGS // 100)
    assert _memory_bytes(place.server) - before_bytes < 30 * MEGABYTE
    assert _close_code(channel) in (1008, None)


def _flood(channel: Any, frames: bytes, times: int) -> None:
    try:
        for _ in range(times):
            channel.sock.sendall(frames)
    except OSError:
        return  # the server has hung up


def _close_code(channel: Any) -> int | None:
    """The code the server closes with; ``None`` when the connection was reset. Fails when it stays open."""
    try:
        while True:
            frame = channel.recv_frame()
            if frame.opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(frame.data[:2], "big")
    except (ConnectionError, websocket.WebSocketConnectionClosedException):
        return None
    finally:
        channel.shutdown()


def _next_control(channel: Any) -> int:
    while (frame := channel.recv_frame()).opcode in (websocket.ABNF.OPCODE_BINARY, websocket.ABNF.OPCODE_TEXT):
        pass
    return int(frame.opcode)


def _memory_bytes(server: Server) -> int:
    processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    return sum(int(process.memory_info().rss) for process in processes)
