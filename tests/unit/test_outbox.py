"""What waits for a connection: in order, never more copied than a piece, and the end comes last."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import cast

import pytest

from flasknb.kernel_bridge.sidecar.outbox import CLOGGED_BYTES, PIECE_BYTES, Outbox

LARGE = bytes(range(256)) * (3 * CLOGGED_BYTES // 256)


class Line:
    """A transport whose other end takes what ``take`` says."""

    def __init__(self) -> None:
        self.ends = socket.socketpair()
        self.waiting, self.taken = b"", b""
        self.longest = 0
        self.is_closed = self.is_paused = False
        self.outbox = Outbox(cast(asyncio.Transport, self))

    def set_write_buffer_limits(self, high: int) -> None:
        self.high = high

    def get_extra_info(self, name: str) -> socket.socket:
        return self.ends[0]

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.longest = max(self.longest, len(data))
        self.waiting += data
        if len(self.waiting) > self.high and not self.is_paused:
            self.is_paused = True
            self.outbox.pause()

    def take(self, count: int) -> None:
        self.taken, self.waiting = self.taken + self.waiting[:count], self.waiting[count:]
        if self.is_paused and len(self.waiting) <= self.high // 4:
            self.is_paused = False
            self.outbox.resume()

    def take_all(self) -> bytes:
        while self.waiting:
            self.take(PIECE_BYTES)
        return self.taken


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    for end in made.ends:
        end.close()


def test_small_frames_go_at_once(line: Line) -> None:
    line.outbox.write(b"a")
    line.outbox.write(b"b")
    assert (line.waiting, line.outbox.is_clogged) == (b"ab", False)


def test_large_frames_go_in_pieces_and_what_follows_comes_after_them(line: Line) -> None:
    for frame in (b"first", LARGE, b"then", LARGE, b"last"):
        line.outbox.write(frame)
    assert line.outbox.is_clogged
    assert len(line.waiting) <= CLOGGED_BYTES + PIECE_BYTES
    assert line.take_all() == b"first" + LARGE + b"then" + LARGE + b"last"
    assert line.longest <= PIECE_BYTES
    assert not line.outbox.is_clogged


def test_the_end_comes_after_what_was_written(line: Line) -> None:
    line.outbox.write(LARGE)
    line.outbox.close()
    line.outbox.write(b"too late")
    assert not line.is_closed
    assert line.take_all() == LARGE
    assert line.is_closed


def test_nothing_is_written_to_a_connection_that_is_lost(line: Line) -> None:
    line.outbox.write(LARGE)
    line.close()
    line.outbox.write(b"more")
    line.outbox.resume()
    assert len(line.waiting) <= CLOGGED_BYTES + PIECE_BYTES
