"""The kernel websocket of real servers: whole, in order, uncompressed, and unimpressed by hostile clients."""

from __future__ import annotations

import json
import socket
import struct
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import websocket

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.ws_codec import (
    SEQ_PROTOCOL,
    V1_PROTOCOL,
    from_legacy,
    join_parts,
    split_parts,
    to_legacy,
)
from tests.bridge.kernel_site import raw_websocket
from tests.servers import Server, start_server

WAYS = ("flask", "flasknb", "gunicorn")
WAYS_OF_WORKERS = ("flask, carried by workers", "gunicorn, carried by workers")
WORKERS_CARRY = "c.KernelSidecar.carries_websockets = False\n"
TIMEOUT_S = 60.0
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
LATER = """
def later():
    for number in range(20):
        time.sleep(0.02)
        print(number, flush=True)
threading.Thread(target=later).start()
"""
DISPLAY = "from IPython.display import display\n"


@dataclass(frozen=True)
class Site:
    """A running server with one kernel."""

    server: Server
    kernel_id: str

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """JSON in, JSON out."""
        request = urllib.request.Request(self.server.base_url + path, method=method)
        request.add_header("Authorization", f"token {self.server.token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"null")

    def channels(self, protocol: str = "", *, kernel_id: str | None = None, query: str = "session_id=s") -> Any:
        """An open websocket."""
        where = self.server.base_url.replace("http", "ws", 1)
        url = f"{where}api/kernels/{kernel_id or self.kernel_id}/channels?{query}&token={self.server.token}"
        return websocket.create_connection(
            url, timeout=TIMEOUT_S, subprotocols=[protocol] if protocol else None, skip_utf8_validation=True
        )

    def raw(self, *headers: str) -> socket.socket:
        """A socket right after a successful upgrade to v1."""
        return raw_websocket(self.server, self.kernel_id, *headers)


@pytest.fixture(scope="module", params=WAYS + WAYS_OF_WORKERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each way to run the server in turn."""
    way, _, carrier = request.param.partition(", ")
    server = start_server(way, tmp_path_factory.mktemp(way), WORKERS_CARRY if carrier else "")
    try:
        made = Site(server, "")
        yield Site(server, made.request("POST", "api/kernels", {})["id"])
        assert "Traceback" not in server.log
    finally:
        server.stop()


def parts_of(frame: str | bytes, protocol: str) -> list[bytes]:
    if protocol == SEQ_PROTOCOL:
        assert isinstance(frame, bytes)
        return split_parts(frame[8:])
    return split_parts(frame) if protocol == V1_PROTOCOL and isinstance(frame, bytes) else from_legacy(frame)


def run(channel: Any, protocol: str, code: str) -> list[tuple[str, bytes]]:
    """Execute; returns ``(type, content)`` of all messages of this execution."""
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "user_expressions": {}}
    message = messages.build("execute_request", content, session="s")
    parts = [b"shell", *message.signed_parts]
    if protocol:
        channel.send_binary(join_parts(parts))
    else:
        channel.send(to_legacy(parts))
    msg_id, found, is_idle = messages.peek(message.header).msg_id, [], False
    while not (is_idle and any(kind == "execute_reply" for kind, _ in found)):
        frame = channel.recv()
        if protocol == SEQ_PROTOCOL and isinstance(frame, str):
            continue  # a note
        _, header, parent, _, body = parts_of(frame, protocol)[:5]
        if messages.peek(parent).msg_id == msg_id:
            found.append((messages.peek(header).msg_type, body))
            is_idle = is_idle or b'"idle"' in body
    return found


def texts(found: list[tuple[str, bytes]]) -> list[str]:
    return [json.loads(body)["data"]["text/plain"] for kind, body in found if kind == "display_data"]


@pytest.mark.parametrize("protocol", ["", V1_PROTOCOL, SEQ_PROTOCOL], ids=["legacy", "v1", "seq"])
def test_each_protocol_carries_an_execution(site: Site, protocol: str) -> None:
    channel = site.channels(protocol)
    assert (channel.getsubprotocol() or "") == protocol
    if protocol == SEQ_PROTOCOL:
        assert set(json.loads(channel.recv())) == {"epoch", "seq", "missing", "confirms"}
    kinds = [kind for kind, _ in run(channel, protocol, "print('hi')")]
    assert {"status", "execute_input", "stream", "execute_reply"} <= set(kinds)
    channel.close()


def test_eight_megabytes_arrive_whole(site: Site) -> None:
    channel = site.channels(V1_PROTOCOL)
    (text,) = texts(run(channel, V1_PROTOCOL, DISPLAY + "display({'text/plain': 'x' * 8_000_000}, raw=True)"))
    assert len(text) == 8_000_000
    channel.close()


def test_five_thousand_outputs_of_ten_kilobytes_arrive_in_order(site: Site) -> None:
    channel = site.channels(V1_PROTOCOL)
    code = DISPLAY + "for i in range(5000): display({'text/plain': f'{i} ' + 'x' * 10_000}, raw=True)"
    assert [int(text.split()[0]) for text in texts(run(channel, V1_PROTOCOL, code))] == list(range(5000))
    channel.close()


def test_five_megabytes_reach_the_kernel(site: Site) -> None:
    channel = site.channels(V1_PROTOCOL)
    found = run(channel, V1_PROTOCOL, f"text = {'x' * 5_000_000!r}; print(len(text))")
    assert [json.loads(body)["text"] for kind, body in found if kind == "stream"] == ["5000000\n"]
    channel.close()


def test_a_page_that_comes_back_with_its_number_misses_nothing(site: Site) -> None:
    channel = site.channels(SEQ_PROTOCOL)
    hello = json.loads(channel.recv())
    run(channel, SEQ_PROTOCOL, "import threading, time")
    run(channel, SEQ_PROTOCOL, LATER)
    channel.sock.close()  # as a broken network does
    again = site.channels(SEQ_PROTOCOL, query=f"session_id=s&since={hello['seq']}&epoch={hello['epoch']}")
    assert json.loads(again.recv())["missing"] is None
    said, numbers = "", []
    while "19\n" not in said:
        frame = again.recv()
        if isinstance(frame, str):
            continue  # a note
        numbers.append(int.from_bytes(frame[:8], "little"))
        _, header, _, _, body = split_parts(frame[8:])[:5]
        said += json.loads(body)["text"] if messages.peek(header).msg_type == "stream" else ""
    assert said == "".join(f"{number}\n" for number in range(20))
    assert numbers == sorted(set(numbers))
    again.close()


def test_what_can_be_refused_is_refused_before_the_upgrade(site: Site) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as missing:
        site.channels(kernel_id=UNKNOWN_ID)
    assert missing.value.status_code == 404
    with pytest.raises(websocket.WebSocketBadStatusException) as since:
        site.channels(query="session_id=s&since=-1")
    assert since.value.status_code == 400
    with pytest.raises(urllib.error.HTTPError) as plain:
        site.request("GET", f"api/kernels/{site.kernel_id}/channels")
    assert plain.value.code == 400
    assert 'Can "Upgrade" only to "WebSocket".' in plain.value.read().decode()


def frame(body: bytes, *, opcode: int = 2, is_masked: bool = True) -> bytes:
    """A client's frame; the mask is zeros, so the body stays readable."""
    length = len(body)
    mask_bit = 0x80 if is_masked else 0
    head = struct.pack(">BB", 0x80 | opcode, mask_bit | min(length, 126)) if length < 126 else b""
    if 126 <= length < 2**16:
        head = struct.pack(">BBH", 0x80 | opcode, mask_bit | 126, length)
    elif length >= 2**16:
        head = struct.pack(">BBQ", 0x80 | opcode, mask_bit | 127, length)
    return head + (b"\0\0\0\0" if is_masked else b"") + body


def close_code(peer: socket.socket) -> int:
    """The code of the close frame that ends what the server sends."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := peer.recv(65536):
            received += piece
    peer.close()
    at = 0
    while at < len(received):
        opcode, length, start = received[at] & 0x0F, received[at + 1] & 0x7F, at + 2
        assert received[at] & 0x70 == 0, "a reserved bit is set: the frame is compressed"
        if length == 126:
            length, start = struct.unpack_from(">H", received, start)[0], start + 2
        elif length == 127:
            length, start = struct.unpack_from(">Q", received, start)[0], start + 8
        if opcode == 8:
            return int(struct.unpack_from(">H", received, start)[0])
        at = start + length
    raise AssertionError(f"no close frame in {len(received)} bytes")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(b"\0" * 100, is_masked=False), 1002),
        (frame(b"\0" * 100, opcode=3), 1002),
        (frame(struct.pack("<Q", 2**31) + b"\0" * 64), 1003),
        (frame(struct.pack("<7Q", 6, 56, 60, 58, 70, 80, 106) + b"x" * 50), 1003),
        (frame(b'{"header": {}}', opcode=1), 1003),
        (frame(b"\xff\xff", opcode=1), 1007),
        (frame(struct.pack(">H", 1000), opcode=8), 1000),
        (struct.pack(">BBQ", 0x82, 0xFF, 2**40) + b"\0\0\0\0", None),
    ],
    ids=["unmasked", "bad opcode", "2^31 parts", "offsets", "text in v1", "not UTF-8", "goodbye", "2^40 bytes"],
)
def test_a_hostile_frame_ends_the_websocket_with_a_code(site: Site, sent: bytes, code: int | None) -> None:
    peer = site.raw("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    peer.sendall(sent)
    if code is None:
        peer.shutdown(socket.SHUT_WR)  # announced, never sent
        peer.close()
    else:
        assert close_code(peer) == code
    assert site.request("GET", f"api/kernels/{site.kernel_id}")["id"] == site.kernel_id


def test_a_ping_is_answered_while_output_flows(site: Site) -> None:
    peer = site.raw()
    peer.sendall(frame(b"are you there", opcode=9))
    assert peer.recv(100).endswith(b"are you there")
    peer.close()


def test_the_same_kernel_is_seen_by_every_connection(site: Site) -> None:
    channels = [site.channels(V1_PROTOCOL, query=f"session_id=s{number}") for number in range(4)]
    run(channels[0], V1_PROTOCOL, "shared = 1")
    for channel in channels:
        assert [kind for kind, _ in run(channel, V1_PROTOCOL, "assert shared == 1")].count("error") == 0
        channel.close()
