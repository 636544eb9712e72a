"""Ping times and compression of websockets, set under the names users know, on real servers."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
import websocket
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Request
from wsproto.extensions import PerMessageDeflate

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL, join_parts
from tests.bridge.kernel_site import KernelSite, running_site

CONFIG = """
c.ServerApp.websocket_compression_options = {"compression_level": 1}
c.ServerApp.websocket_ping_timeout = 3
c.ServerApp.tornado_settings = {"ws_ping_interval": 1000}
c.ZMQChannelsWebsocketConnection.max_message_bytes = 10_000_000
"""


@pytest.fixture(scope="module", params=["gunicorn", "flask"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    with running_site(tmp_path_factory.mktemp(request.param), request.param, CONFIG) as running:
        yield running


@pytest.mark.row("5.2 ping")
def test_an_idle_page_is_pinged_at_the_wanted_interval_and_given_up_when_silent(
    site: KernelSite, kernel_id: str
) -> None:
    channels = site.open(kernel_id)
    started_s, pings = time.monotonic(), 0
    with suppress(websocket.WebSocketConnectionClosedException):
        while True:  # recv_frame answers nothing: this page is silent
            pings += channels.socket.recv_frame().opcode == websocket.ABNF.OPCODE_PING
    assert pings in (2, 3)
    assert 2.5 < time.monotonic() - started_s < 12
    channels.socket.shutdown()
    assert site.eventually(f"api/kernels/{kernel_id}", "connections", 0)


@pytest.mark.row("5.2 ping")
def test_a_page_that_answers_is_kept(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as channels:
        end_s = time.monotonic() + 5
        while time.monotonic() < end_s:
            opcode, _ = channels.socket.recv_data(control_frame=True)
            assert opcode != websocket.ABNF.OPCODE_CLOSE
        assert channels.run("1")


class Packing:
    """A websocket of a client that compresses; wsproto's."""

    def __init__(self, site: KernelSite, kernel_id: str) -> None:
        self.received_bytes = 0
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._socket = socket.create_connection(("127.0.0.1", site.server.port), timeout=20)
        target = f"/api/kernels/{kernel_id}/channels?session_id=packing&token={site.server.token}"
        extensions = [PerMessageDeflate()]
        request = Request("127.0.0.1", target, extensions=extensions, subprotocols=[V1_PROTOCOL])
        self._socket.sendall(self._ws.send(request))
        self.accepted = next(self.events())

    def events(self) -> Iterator[Event]:
        """Everything that comes."""
        while data := self._socket.recv(65_536):
            self.received_bytes += len(data)
            self._ws.receive_data(data)
            yield from self._ws.events()

    def send(self, payload: bytes) -> None:
        """One message, compressed."""
        self._socket.sendall(self._ws.send(BytesMessage(payload)))

    def close(self) -> None:
        """Leave."""
        self._socket.close()


def execute(code: str) -> bytes:
    """An execute_request."""
    message = messages.build("execute_request", {"code": code, "silent": False}, session="packing")
    return join_parts([b"shell", *message.signed_parts])


@pytest.mark.row("5.2 compression")
def test_messages_are_compressed_both_ways_for_who_offers_it(site: KernelSite, kernel_id: str) -> None:
    with closing(Packing(site, kernel_id)) as packing:
        assert isinstance(packing.accepted, AcceptConnection)
        assert [extension.enabled() for extension in packing.accepted.extensions] == [True]
        packing.send(execute("print('x' * 1_000_000)" + " " * 10_000))
        text = b""
        for event in packing.events():
            text += event.data if isinstance(event, BytesMessage) else b""
            if b"execute_reply" in text and text.count(b"x") > 1_000_000:
                break
        assert packing.received_bytes < 100_000
    with site.channels(kernel_id, protocol=V1_PROTOCOL) as plain:
        assert "sec-websocket-extensions" not in plain.socket.headers
        assert plain.run("print('x' * 100_000)")


@pytest.mark.row("5.2 compression")
def test_row_34_a_bomb_is_cut_off_and_the_kernel_lives(site: KernelSite, kernel_id: str) -> None:
    with closing(Packing(site, kernel_id)) as packing:
        packing.send(bytes(50_000_000))
        closed = next(event for event in packing.events() if isinstance(event, CloseConnection))
        assert closed.code == 1009
    with site.channels(kernel_id) as channels:
        assert channels.run("1")
