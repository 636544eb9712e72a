"""The sidecar's socket to a page: everything arrives in order however slowly it reads, and its end is told once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from flasknb.kernel_bridge.sidecar.page_wire import CLOGGED_BYTES, PageWire

TIMEOUT_S = 20.0
PIECES: tuple[bytes | memoryview, ...] = (b"head", b"x" * (3 * CLOGGED_BYTES), memoryview(b"tail"), b"y" * 100_000, b"")


class Heard:
    """What a wire has told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.freed = 0

    def on_free(self) -> None:
        self.freed += 1


def on_a_wire(play: Callable[[PageWire, socket.socket, Heard], Awaitable[None]]) -> Heard:
    """Run ``play`` with a wire and the socket at its other end."""
    heard = Heard()

    async def run() -> None:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        with theirs:
            wire = PageWire(ours, heard.received.append, heard.on_free)
            await asyncio.wait_for(play(wire, theirs, heard), TIMEOUT_S)
            wire.close()

    asyncio.run(run())
    return heard


async def read(theirs: socket.socket, count: int) -> bytes:
    loop, got = asyncio.get_running_loop(), bytearray()
    while len(got) < count:
        got += await loop.sock_recv(theirs, 50_000)
    return bytes(got)


def test_a_page_that_reads_slowly_gets_everything_in_order() -> None:
    async def play(wire: PageWire, theirs: socket.socket, heard: Heard) -> None:
        for _ in range(3):
            wire.send(PIECES)
        assert wire.is_clogged
        assert wire.stuck_since_s is not None
        whole = b"".join(map(bytes, PIECES)) * 3
        assert await read(theirs, len(whole)) == whole
        assert not wire.is_clogged
        assert wire.stuck_since_s is None
        wire.send((b"more",))
        assert await read(theirs, 4) == b"more"

    assert on_a_wire(play).freed == 1


def test_what_waits_still_goes_out_before_the_end() -> None:
    async def play(wire: PageWire, theirs: socket.socket, heard: Heard) -> None:
        wire.send(PIECES)
        wire.end_when_sent()
        assert not wire.is_closed
        whole = b"".join(map(bytes, PIECES))
        assert await read(theirs, len(whole)) == whole
        assert await asyncio.get_running_loop().sock_recv(theirs, 10) == b""
        wire.send((b"late",))

    assert on_a_wire(play).received == [b""]


@pytest.mark.parametrize("is_writing", [False, True])
def test_a_page_that_has_gone_is_told_once(is_writing: bool) -> None:
    async def play(wire: PageWire, theirs: socket.socket, heard: Heard) -> None:
        if is_writing:
            wire.send(PIECES)
        await asyncio.get_running_loop().sock_sendall(theirs, b"last words")
        await asyncio.sleep(0)
        theirs.close()
        while not wire.is_closed:
            await asyncio.sleep(0.001)
            wire.send((b"anybody?",))

    assert b"".join(on_a_wire(play).received) in (b"last words", b"")
    assert on_a_wire(play).received.count(b"") == 1


def test_many_small_pieces_among_large_ones_take_few_calls() -> None:
    small, large = [b"ab", memoryview(b"c")] * 300, [b"x" * 100_000]

    async def play(wire: PageWire, theirs: socket.socket, heard: Heard) -> None:
        wire.send([*large, *small, *large, *small])
        assert len(wire._unsent) == 4
        whole = b"".join(map(bytes, [*large, *small, *large, *small]))
        assert await read(theirs, len(whole)) == whole

    on_a_wire(play)
