"""Websocket frames of a client: whatever a browser may send comes out whole, whatever it may not is refused."""

from __future__ import annotations

import os
import random
import struct

import pytest
from wsproto.frame_protocol import FrameProtocol, Opcode

from flasknb.kernel_bridge.ws_frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_FRAGMENTS,
    NO_CODE,
    NOT_UTF8,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    UNMASKED_BYTES,
    Event,
    FrameReader,
    frame_head,
    unmasked,
)

LIMIT_BYTES = 100_000
MASK = b"\x12\x00\xff\x80"  # ids of tests are made of frames, and must be the same in every process


def frame(opcode: int, body: bytes = b"", *, final: bool = True, mask: bytes | None = None, more: int = 0) -> bytes:
    """A client's frame; ``more`` bits go into its first byte."""
    mask = MASK if mask is None else mask
    head = frame_head((0x80 if final else 0) | more | opcode, len(body))
    covered = bytes(byte ^ mask[at % 4] for at, byte in enumerate(body))
    return bytes((head[0], head[1] | 0x80)) + head[2:] + mask + covered


SENT = b"".join(
    [
        frame(BINARY, b"small"),
        frame(TEXT, "grün".encode()),
        frame(BINARY, bytes(range(256)) * 2, mask=bytes(4)),
        frame(TEXT, b"gr" + "ü".encode()[:1], final=False),
        frame(PING, b"between"),
        frame(CONTINUATION, "ü".encode()[1:], final=False),
        frame(PONG),
        frame(CONTINUATION, b"n"),
        frame(BINARY, b"", final=False),
        frame(CONTINUATION, b""),
        frame(BINARY, b"x" * 70_000),
        frame(CLOSE, struct.pack(">H", 4000) + "tschüß".encode()),
        frame(BINARY, b"after the end"),
    ]
)
EVENTS = [
    Event(BINARY, b"small"),
    Event(TEXT, "grün".encode()),
    Event(BINARY, bytes(range(256)) * 2),
    Event(PING, b"between"),
    Event(PONG, b""),
    Event(TEXT, "grün".encode()),
    Event(BINARY, b""),
    Event(BINARY, b"x" * 70_000),
    Event(CLOSE, "tschüß".encode(), 4000),
]


@pytest.mark.parametrize("step", [1, 2, 7, 1000, 65_536, len(SENT)])
def test_messages_come_out_however_the_stream_is_cut(step: int) -> None:
    reader = FrameReader(LIMIT_BYTES)
    pieces = [SENT[at : at + step] for at in range(0, len(SENT), step)]
    assert [event for piece in pieces for event in reader.feed(piece)] == EVENTS
    assert reader.fault is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x82\x05hello", PROTOCOL_ERROR),  # no mask
        (b"\x82\x7e\0\x80", PROTOCOL_ERROR),  # no mask, before the rest has come
        (frame(BINARY, b"x", more=0x40), PROTOCOL_ERROR),  # compressed, though nobody offered it
        (frame(BINARY, b"x", more=0x20), PROTOCOL_ERROR),
        (frame(BINARY, b"x", more=0x10), PROTOCOL_ERROR),
        (frame(3, b"x"), PROTOCOL_ERROR),
        (frame(0xB, b"x"), PROTOCOL_ERROR),
        (frame(CONTINUATION, b"x"), PROTOCOL_ERROR),
        (frame(BINARY, b"x", final=False) + frame(BINARY, b"y"), PROTOCOL_ERROR),
        (frame(BINARY, b"x", final=False) + frame(TEXT, b"y", final=False), PROTOCOL_ERROR),
        (frame(PING, b"x", final=False), PROTOCOL_ERROR),
        (frame(PING, b"x" * 126), PROTOCOL_ERROR),
        (frame(CLOSE, b"x"), PROTOCOL_ERROR),
        (frame(CLOSE, struct.pack(">H", 999)), PROTOCOL_ERROR),
        (frame(CLOSE, struct.pack(">H", 1005)), PROTOCOL_ERROR),
        (frame(CLOSE, struct.pack(">H", 5000)), PROTOCOL_ERROR),
        (frame(CLOSE, struct.pack(">H", 1000) + b"\xff"), NOT_UTF8),
        (b"\x82\xfe\0\x05\0\0\0\0hello", PROTOCOL_ERROR),  # a length that has a shorter form
        (b"\x82\xff" + struct.pack(">Q", 65_535) + b"\0\0\0\0", PROTOCOL_ERROR),
        (b"\x82\xff" + struct.pack(">Q", 2**63) + b"\0\0\0\0", PROTOCOL_ERROR),
        (b"\x82\xff" + struct.pack(">Q", 2**62) + b"\0\0\0\0", TOO_BIG),  # announced, not sent
        (frame(BINARY, b"x" * (LIMIT_BYTES + 1)), TOO_BIG),
        (frame(BINARY, b"x" * LIMIT_BYTES, final=False) + frame(CONTINUATION, b"y"), TOO_BIG),
        (frame(TEXT, b"\xff"), NOT_UTF8),
        (frame(TEXT, "ü".encode()[:1]), NOT_UTF8),
        (frame(TEXT, b"\xed\xa0\x80"), NOT_UTF8),  # half of a surrogate pair
    ],
)
@pytest.mark.parametrize("step", [1, 1_000_000])
def test_what_no_client_may_send_is_a_fault(sent: bytes, code: int, step: int) -> None:
    reader = FrameReader(LIMIT_BYTES)
    sent = frame(BINARY, b"before") + sent + frame(BINARY, b"after")
    events = [event for at in range(0, len(sent), step) for event in reader.feed(sent[at : at + step])]
    assert events == [Event(BINARY, b"before")]
    assert reader.fault is not None
    assert reader.fault.code == code


def test_a_message_of_the_greatest_size_is_read() -> None:
    reader = FrameReader(LIMIT_BYTES)
    half = LIMIT_BYTES // 2
    sent = frame(BINARY, b"x" * half, final=False) + frame(CONTINUATION, b"y" * half)
    assert reader.feed(sent) == [Event(BINARY, b"x" * half + b"y" * half)]


def test_a_message_of_endless_empty_pieces_is_a_fault() -> None:
    reader = FrameReader(LIMIT_BYTES)
    reader.feed(frame(BINARY, b"", final=False))
    piece = frame(CONTINUATION, b"", final=False) * 1000
    for _ in range(MAX_FRAGMENTS // 1000):
        reader.feed(piece)
    assert reader.fault is not None
    assert reader.fault.code == TOO_BIG


def test_a_goodbye_without_a_code_is_one() -> None:
    assert FrameReader(LIMIT_BYTES).feed(frame(CLOSE)) == [Event(CLOSE, b"", NO_CODE)]


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 1000, UNMASKED_BYTES, UNMASKED_BYTES + 3])
def test_a_mask_comes_off(size: int) -> None:
    body = os.urandom(size)
    covered = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(body))
    assert unmasked(covered, MASK) == body


def told(wire: bytes) -> list[tuple[str, bytes | str]]:
    """What wsproto reads in ``wire``, up to its first complaint, whole messages."""
    protocol = FrameProtocol(client=False, extensions=[])
    found: list[tuple[str, bytes | str]] = []
    whole: dict[Opcode, list[bytes | str]] = {}
    try:
        protocol.receive_bytes(wire)
        for one in protocol.received_frames():
            if one.opcode in (Opcode.PING, Opcode.PONG):
                found.append((one.opcode.name, bytes(one.payload)))
            elif one.opcode is Opcode.CLOSE:
                found.append(("CLOSE", str(one.payload[1] or "")))
                return found
            else:
                pieces = whole.setdefault(one.opcode, [])
                pieces.append(one.payload if isinstance(one.payload, str) else bytes(one.payload))
                if one.message_finished:
                    text = isinstance(one.payload, str)
                    found.append((one.opcode.name, ("" if text else b"").join(whole.pop(one.opcode))))  # type: ignore[attr-defined]
    except Exception:
        found.append(("FAULT", ""))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_random_conversations_are_read_as_wsproto_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    wire = b""
    for _ in range(chance.randint(1, 12)):
        opcode = chance.choice([TEXT, BINARY, BINARY, CONTINUATION, CONTINUATION, PING, PONG, chance.randrange(16)])
        body = "aü€".encode() * chance.choice([0, 1, 25, 30, 200])
        more = chance.choice([0] * 20 + [0x10, 0x40])
        wire += frame(opcode, body, final=chance.random() < 0.7, mask=chance.randbytes(4), more=more)
    reader, found = FrameReader(LIMIT_BYTES), []
    names = {TEXT: "TEXT", BINARY: "BINARY", PING: "PING", PONG: "PONG", CLOSE: "CLOSE"}
    for event in reader.feed(wire):
        is_text = event.opcode in (TEXT, CLOSE)
        found.append((names[event.opcode], event.payload.decode() if is_text else event.payload))
    if reader.fault is not None:
        found.append(("FAULT", ""))
    assert found == told(wire)
