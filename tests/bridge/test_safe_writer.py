"""The websocket class over a socket pair, without a server."""

from __future__ import annotations

import base64
import os
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from flasknb.errors import BadRequest
from flasknb.kernel_bridge.open_websockets import close_all, offered_protocols
from flasknb.kernel_bridge.websocket import GATHERED_BYTES, WebSocket, gathered

Pair = tuple[WebSocket, socket.socket]
LIMITS: dict[str, Any] = {"max_message_bytes": 1000, "ping_interval_s": 0.1, "ping_timeout_s": 0.35}


def environ(server_end: socket.socket, **headers: str) -> dict[str, Any]:
    upgrade = {
        "HTTP_HOST": "localhost",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_UPGRADE": "websocket",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": base64.b64encode(os.urandom(16)).decode(),
    }
    return {"werkzeug.socket": server_end, **upgrade, **headers}


@pytest.fixture
def pair() -> Iterator[Pair]:
    """An accepted websocket and the client's end, its 101 read."""
    server_end, client_end = socket.socketpair()
    accepted = WebSocket(environ(server_end), subprotocol="", **LIMITS)
    client_end.settimeout(5)
    assert client_end.recv(4096).startswith(b"HTTP/1.1 101")
    yield accepted, client_end
    accepted.finish()
    server_end.close()
    client_end.close()


def masked(body: bytes, opcode: int = 2, final: int = 0x80) -> bytes:
    return struct.pack(">BBH", final | opcode, 0x80 | 126, len(body)) + b"\0\0\0\0" + body


def test_a_message_in_pieces_arrives_as_one(pair: Pair) -> None:
    accepted, client = pair
    for piece in (masked(b"a" * 200, 2, 0), masked(b"b" * 200, 0, 0), masked(b"c" * 200, 0)):
        client.sendall(piece)
    assert accepted.receive() == b"a" * 200 + b"b" * 200 + b"c" * 200


def test_a_longer_message_than_allowed_closes_with_1009_before_it_is_complete(pair: Pair) -> None:
    accepted, client = pair
    client.sendall(masked(b"a" * 900, 2, 0) + masked(b"b" * 200, 0, 0))
    assert accepted.receive() is None
    assert client.recv(4096)[2:4] == struct.pack(">H", 1009)


def test_a_silent_page_is_pinged_and_then_given_up(pair: Pair) -> None:
    accepted, client = pair
    assert accepted.receive() is None
    assert client.recv(2) == b"\x89\x00"


def test_a_page_that_answers_pings_is_kept(pair: Pair) -> None:
    accepted, client = pair

    def answer() -> None:
        for _ in range(8):
            assert client.recv(2) == b"\x89\x00"
            client.sendall(b"\x8a\x80\0\0\0\0")
        client.sendall(masked(b"x" * 200, 1))

    thread = threading.Thread(target=answer)
    thread.start()
    assert accepted.receive() == "x" * 200
    thread.join()


def test_closing_all_ends_every_websocket_with_the_code(pair: Pair) -> None:
    accepted, client = pair
    close_all(1012, "the server restarts")
    assert client.recv(4096)[2:4] == struct.pack(">H", 1012)
    client.sendall(b"\x88\x80\0\0\0\0")
    assert accepted.receive() is None


def test_nothing_is_sent_after_the_close(pair: Pair) -> None:
    accepted, client = pair
    accepted.close(1000)
    accepted.send(b"late")
    accepted.finish()
    assert client.recv(4096) == b"\x88\x02\x03\xe8"
    assert client.recv(4096) == b""


def test_threads_that_send_at_once_do_not_mix_their_frames(pair: Pair) -> None:
    accepted, client = pair
    texts = [str(number) * 3000 for number in range(5)]
    threads = [threading.Thread(target=lambda text=text: [accepted.send(text) for _ in range(50)]) for text in texts]
    for thread in threads:
        thread.start()
    received = b""
    while len(received) < 5 * 50 * 3004:
        received = (received + client.recv(65536)).replace(b"\x89\0", b"")  # a slow machine's page is pinged meanwhile
    for thread in threads:
        thread.join()
    frames = [received[at : at + 3004] for at in range(0, len(received), 3004)]
    assert sorted({frame[4:].decode() for frame in frames}) == texts
    assert {frame[:4] for frame in frames} == {struct.pack(">BBH", 0x81, 126, 3000)}


@pytest.mark.parametrize("missing", ["HTTP_SEC_WEBSOCKET_KEY", "HTTP_SEC_WEBSOCKET_VERSION"])
def test_half_a_handshake_is_a_bad_request(missing: str) -> None:
    server_end, client_end = socket.socketpair()
    asked = environ(server_end)
    del asked[missing]
    with pytest.raises(BadRequest, match="No websocket"):
        WebSocket(asked, subprotocol="", **LIMITS)
    server_end.close()
    assert client_end.recv(100) == b""
    client_end.close()


def test_a_server_without_a_socket_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="No websocket"):
        WebSocket({"HTTP_HOST": "x"}, subprotocol="", **LIMITS)


def test_offered_protocols_are_read_in_order() -> None:
    assert offered_protocols({"HTTP_SEC_WEBSOCKET_PROTOCOL": "b, a,,c "}) == ["b", "a", "c"]
    assert offered_protocols({}) == []


LARGE = bytes(3 * GATHERED_BYTES)


@pytest.mark.parametrize(
    "pieces", [[b""], [b"a", b"b"], [LARGE], [b"a", LARGE, b"b", b"c", LARGE], [b"a", LARGE, b"b"]]
)
def test_pieces_are_sent_whole_and_large_ones_from_where_they_lie(pieces: list[bytes]) -> None:
    sent = list(gathered(pieces))
    assert b"".join(sent) == b"".join(pieces)
    assert len(sent) <= 1 + 2 * pieces.count(LARGE)
    assert len(pieces) == 1 or all(isinstance(one, memoryview) or len(one) <= 2 * GATHERED_BYTES for one in sent)


def test_a_batch_of_large_and_small_messages_arrives_in_order(pair: Pair) -> None:
    accepted, client = pair
    batch = [b"a" * 100, memoryview(LARGE), "text", b"b" * 200_000, b"c"]
    sending = threading.Thread(target=accepted.send_batch, args=(batch,))
    sending.start()
    with client.makefile("rb") as file:
        for message in batch:
            plain = message.encode() if isinstance(message, str) else bytes(message)
            head = file.read(2)
            assert head[0] == (0x81 if isinstance(message, str) else 0x82)
            size = {126: ">H", 127: ">Q"}.get(head[1])
            length = head[1] if size is None else struct.unpack(size, file.read(struct.calcsize(size)))[0]
            assert file.read(length) == plain
    sending.join()
