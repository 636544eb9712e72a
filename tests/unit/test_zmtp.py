"""ZMTP as kernels speak it: messages come out however the stream is cut, and what is none is refused."""

from __future__ import annotations

import random

import pytest

from flasknb.kernel_bridge.zmtp import GREETING, LARGE_BYTES, BadPeer, Decoder, packed, ready

MESSAGES = [
    [b"kernel.1.status", b"<IDS|MSG>", b"", b"{}", b"x" * 255, b"y" * 256],
    [b"one frame"],
    [b""],
    [b"a", b"z" * 70_000, b"b"],
    [b"large", bytes(LARGE_BYTES), b"\1" * (LARGE_BYTES + 7), b"end"],
]
STREAM = GREETING + ready("ROUTER") + b"".join(map(packed, MESSAGES))


def pieces(step: int) -> list[bytes]:
    return [STREAM[at : at + step] for at in range(0, len(STREAM), step)]


@pytest.mark.parametrize("step", [1, 63, 64, 1000, 65_536, len(STREAM)])
def test_messages_come_out_however_the_stream_is_cut(step: int) -> None:
    decoder = Decoder()
    assert [message for piece in pieces(step) for message in decoder.feed(piece)] == MESSAGES
    assert decoder.is_ready


def test_a_large_frame_is_read_into_its_place() -> None:
    decoder, rest, found = Decoder(), STREAM, []
    cuts = random.Random(7)
    places = 0
    while rest:
        count = min(len(rest), cuts.randint(1, 100_000))
        if decoder.large is not None:
            count = min(count, len(decoder.room))
            decoder.room[:count] = rest[:count]
            found += decoder.filled(count)
            places += 1
        else:
            found += decoder.feed(rest[:count])
        rest = rest[count:]
    assert found == MESSAGES
    assert places > 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 200 OK",
        b"\1\0",  # ZMTP 1 and 2 begin otherwise
        GREETING[:10] + b"\1" + GREETING[11:],
        GREETING[:12] + b"CURVE".ljust(20, b"\0") + GREETING[32:],
        GREETING + b"\x08\0",
        GREETING + b"\x06\0\0\0\0\0\0\0\1\0",
        GREETING + b"\2\xff\xff\xff\xff\xff\xff\xff\xff",
        GREETING + b"\4\x0d\5ERROR\6denied",
    ],
)
def test_what_is_no_zmtp_is_refused(garbage: bytes) -> None:
    with pytest.raises(BadPeer):
        Decoder().feed(garbage)


def test_a_ping_is_answered() -> None:
    decoder = Decoder()
    decoder.feed(GREETING + ready("ROUTER") + b"\4\x0b\4PING\0\x64abcd" + packed([b"on"]))
    assert decoder.answers == [b"\4\x09\4PONGabcd"]
