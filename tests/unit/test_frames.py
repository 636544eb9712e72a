"""Frames between worker and sidecar."""

from __future__ import annotations

import struct

import pytest

from flasknb.kernel_bridge.frames import (
    LARGE_BYTES,
    MAX_FRAME_BYTES,
    BadBridgeFrame,
    Frame,
    FrameDecoder,
    Kind,
    pack,
    pack_json,
)

FRAMES = [Frame(Kind.CALL, b'{"id":1}'), Frame(Kind.MESSAGE, b"\0" * 1000), Frame(Kind.END, b"")]
STREAM = b"".join(pack(frame.kind, frame.body) for frame in FRAMES)


@pytest.mark.parametrize("step", [1, 3, 1000, len(STREAM)])
def test_frames_come_out_however_the_stream_is_cut(step: int) -> None:
    decoder = FrameDecoder()
    found = [frame for at in range(0, len(STREAM), step) for frame in decoder.feed(STREAM[at : at + step])]
    assert found == FRAMES


LARGE_FRAMES = [
    Frame(Kind.MESSAGE, bytes(range(256)) * 2048),
    Frame(Kind.END, b""),
    Frame(Kind.RESULT, b" " * LARGE_BYTES),
]
LARGE_STREAM = b"".join(pack(frame.kind, frame.body) for frame in [*FRAMES, *LARGE_FRAMES, *FRAMES])


@pytest.mark.parametrize("step", [1000, 65_537, LARGE_BYTES + 1, len(LARGE_STREAM)])
@pytest.mark.parametrize("takes_room", [False, True])
def test_large_frames_come_out_however_they_are_read(step: int, takes_room: bool) -> None:
    decoder, found, at = FrameDecoder(), list[Frame](), 0
    while at < len(LARGE_STREAM):
        if takes_room and decoder.large is not None:
            read = min(step, len(decoder.room), len(LARGE_STREAM) - at)
            decoder.room[:read] = LARGE_STREAM[at : at + read]
            found += decoder.filled(read)
        else:
            read = min(step, len(LARGE_STREAM) - at)
            found += decoder.feed(LARGE_STREAM[at : at + read])
        at += read
    assert found == [*FRAMES, *LARGE_FRAMES, *FRAMES]
    assert decoder.large is None


@pytest.mark.parametrize(
    "garbage",
    [
        struct.pack("<IB", 1, 99),
        struct.pack("<IB", 0, Kind.CALL),
        struct.pack("<IB", 2**32 - 1, Kind.MESSAGE),
        struct.pack("<IB", MAX_FRAME_BYTES + 1, Kind.MESSAGE),
        struct.pack("<IB", 2**28, Kind.CALL),
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_garbage_is_refused_before_its_bytes_are_awaited(garbage: bytes) -> None:
    with pytest.raises(BadBridgeFrame):
        FrameDecoder().feed(garbage)


def test_strangers_may_send_small_frames_only() -> None:
    decoder = FrameDecoder(max_frame_bytes=100)
    with pytest.raises(BadBridgeFrame):
        decoder.feed(pack(Kind.HELLO, b" " * 200))
    trusted = FrameDecoder(max_frame_bytes=100)
    trusted.allow_large_frames()
    assert len(trusted.feed(pack(Kind.HELLO, b" " * 200))) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_a_json_frame_must_hold_an_object(body: bytes) -> None:
    with pytest.raises(BadBridgeFrame):
        Frame(Kind.CALL, body).json()


def test_a_json_frame_comes_back_as_it_was() -> None:
    (frame,) = FrameDecoder().feed(pack_json(Kind.RESULT, {"id": 1, "result": ["é"]}))
    assert frame.json() == {"id": 1, "result": ["é"]}
