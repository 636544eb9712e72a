"""Compression of websocket messages, where it was asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest
from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode, RsvBits

from flasknb.kernel_bridge.deflate import TAIL, Deflate

LIMIT_BYTES = 10_000
PROTO = FrameProtocol(client=False, extensions=[])


def accepted(offer: str = "permessage-deflate") -> Deflate:
    deflate = Deflate({}, LIMIT_BYTES)
    assert deflate.accept(offer)
    return deflate


def compressed(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))[: -len(TAIL)]


def received(deflate: Deflate, *frames: bytes, is_compressed: bool = True) -> Iterator[bytes | CloseReason]:
    """What one message of these frames comes to, piece by piece."""
    for number, frame in enumerate(frames):
        opcode = Opcode.CONTINUATION if number else Opcode.BINARY
        deflate.frame_inbound_header(PROTO, opcode, RsvBits(is_compressed and not number, False, False), len(frame))
        yield deflate.frame_inbound_payload_data(PROTO, frame)
        yield deflate.frame_inbound_complete(PROTO, number == len(frames) - 1) or b""


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        ("permessage-deflate", "server_no_context_takeover; client_no_context_takeover"),
        (
            "permessage-deflate; client_max_window_bits; server_max_window_bits=10",
            "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10",
        ),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=x", None),
    ],
)
def test_an_offer_is_answered_without_a_window_to_keep(offer: str, answer: str | None) -> None:
    deflate = Deflate({}, LIMIT_BYTES)
    assert deflate.accept(offer) == answer
    assert deflate.enabled() is (answer is not None)


@pytest.mark.row("5.2 compression")
def test_large_messages_are_packed_and_small_ones_are_not() -> None:
    packed = accepted().pack(b"a" * 5000)
    assert packed is not None
    assert len(packed) < 100
    assert zlib.decompressobj(-15).decompress(packed + TAIL) == b"a" * 5000
    assert accepted().pack(b"a" * 10) is None
    assert Deflate({}, LIMIT_BYTES).pack(b"a" * 5000) is None  # nobody offered


@pytest.mark.row("5.2 compression")
def test_a_message_in_pieces_is_unpacked_and_the_next_stands_alone() -> None:
    deflate, data = accepted(), bytes(range(256)) * 20
    whole = compressed(data)
    assert b"".join(one for one in received(deflate, whole[:50], whole[50:]) if isinstance(one, bytes)) == data
    assert b"".join(one for one in received(deflate, whole) if isinstance(one, bytes)) == data
    assert (
        b"".join(one for one in received(deflate, b"plain", is_compressed=False) if isinstance(one, bytes)) == b"plain"
    )


def test_row_34_a_bomb_is_cut_off_at_the_bound() -> None:
    bomb = compressed(bytes(100_000_000))
    found = list(received(accepted(), bomb))
    assert CloseReason.MESSAGE_TOO_BIG in found
    assert sum(len(one) for one in found if isinstance(one, bytes)) <= LIMIT_BYTES


@pytest.mark.parametrize("frame", [b"\xff" * 100, b"\x00garbage"])
def test_garbage_is_refused(frame: bytes) -> None:
    assert CloseReason.INVALID_FRAME_PAYLOAD_DATA in list(received(accepted(), frame))


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.CONTINUATION])
def test_the_mark_belongs_on_the_first_frame_of_a_message(opcode: Opcode) -> None:
    found = accepted().frame_inbound_header(PROTO, opcode, RsvBits(True, False, False), 1)
    assert found is CloseReason.PROTOCOL_ERROR
