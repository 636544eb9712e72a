"""The sidecar's own ZMTP against libzmq's: what has to wait stays with the kernel, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import zmq

from flasknb.kernel_bridge.sidecar.direct_sockets import IS_POSSIBLE, REST_S, DirectSockets

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="this system has no epoll")

BUFFER = bytes(1_000_000)
LARGE_BYTES = 20_000_000  # many times what the system's socket takes
QUEUED_MESSAGES = 10
ON_THE_WAY_BYTES = 2_000_000  # in the system's socket, and what was being read when the pause began
MOST_MESSAGES = 60
PATIENCE_S = 30.0
IDLE_FOR_S = 0.5
CHANNELS = {"iopub": zmq.XPUB, "shell": zmq.ROUTER, "stdin": zmq.ROUTER, "control": zmq.ROUTER}


class StandIn:
    """A kernel's sockets, which hold QUEUED_MESSAGES and then take no more."""

    def __init__(self, folder: Path) -> None:
        self.paths = {name: str(folder / name) for name in CHANNELS}
        self._context = zmq.Context()
        self._sockets = {name: self._context.socket(kind) for name, kind in CHANNELS.items()}
        for name, socket in self._sockets.items():
            socket.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
            socket.setsockopt(zmq.LINGER, 0)
            if name == "iopub":
                socket.setsockopt(zmq.XPUB_NODROP, 1)
            socket.bind(f"ipc://{self.paths[name]}")
        self.said = 0

    def is_listened_to(self) -> bool:
        return bool(self._sockets["iopub"].poll(0))

    def say(self) -> bool:
        """Whether there was room for one more numbered message."""
        try:
            self._sockets["iopub"].send_multipart([b"%d" % self.said, BUFFER], zmq.NOBLOCK)
        except zmq.Again:
            return False
        self.said += 1
        return True

    def was_asked(self) -> bool:
        return bool(self._sockets["shell"].poll(0))

    def question(self) -> bytes:
        """The last frame of what came to the shell channel."""
        return self._sockets["shell"].recv_multipart()[-1]

    def close(self) -> None:
        self._context.destroy(0)


class Listener:
    """The sidecar's end, which waits for as long as ``pause_s`` says."""

    def __init__(self, paths: dict[str, str]) -> None:
        self.heard: list[int] = []
        self.pause_s = 0.0
        self.sockets = DirectSockets(
            paths=paths,
            identity=b"me",
            on_message=self._hear,
            on_drained=lambda: None,
            pause_s=lambda: self.pause_s,
        )

    def _hear(self, channel: str, frames: Sequence[bytes]) -> None:
        assert channel == "iopub"
        assert frames[1] == BUFFER
        self.heard.append(int(frames[0]))


async def until(is_so: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not is_so():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(wait(), PATIENCE_S)


async def fill(kernel: StandIn) -> None:
    """Say as much as finds room, also a moment later."""
    refused = 0
    while refused < 20 and kernel.said < MOST_MESSAGES:
        refused = 0 if kernel.say() else refused + 1
        await asyncio.sleep(0.005 if refused else 0)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[StandIn]:
    made = StandIn(tmp_path)
    yield made
    made.close()


def test_a_paused_listener_reads_no_more_and_misses_nothing(kernel: StandIn) -> None:
    async def scene() -> None:
        listener = Listener(kernel.paths)
        await until(kernel.is_listened_to)
        assert kernel.say()
        await until(lambda: listener.heard == [0])
        listener.pause_s = 0.005
        await fill(kernel)
        assert listener.heard == [0]
        assert kernel.said < 1 + QUEUED_MESSAGES + ON_THE_WAY_BYTES // len(BUFFER) + QUEUED_MESSAGES
        told = kernel.said
        listener.sockets.expect_reply()
        await asyncio.sleep(5 * REST_S)
        assert not kernel.say(), "the end of a rest reads nothing either"
        listener.pause_s = 0.0
        await until(lambda: len(listener.heard) == told)
        assert listener.heard == list(range(told))
        listener.sockets.close()

    asyncio.run(scene())


def test_who_leaves_hears_the_rest_though_it_would_have_to_wait(kernel: StandIn) -> None:
    async def scene() -> None:
        listener = Listener(kernel.paths)
        await until(kernel.is_listened_to)
        listener.pause_s = 60.0
        await fill(kernel)
        assert listener.heard == []
        listener.sockets.ask_to_hold()
        await until(lambda: len(listener.heard) == kernel.said)
        listener.sockets.close()

    asyncio.run(scene())


def test_a_kernel_that_ends_during_a_pause_is_reached_again_after_it(kernel: StandIn, tmp_path: Path) -> None:
    async def scene() -> None:
        listener = Listener(kernel.paths)
        await until(kernel.is_listened_to)
        listener.pause_s = 0.005
        await fill(kernel)
        kernel.close()
        begun_s = time.process_time()
        await asyncio.sleep(IDLE_FOR_S)
        assert time.process_time() - begun_s < IDLE_FOR_S / 2, "a hang-up is not told again and again"
        listener.pause_s = 0.0
        follower = StandIn(tmp_path)
        await until(follower.is_listened_to)
        assert follower.say()
        await until(lambda: bool(listener.heard))
        assert listener.heard == [0]
        listener.sockets.close()
        follower.close()

    asyncio.run(scene())


def test_a_large_message_is_sent_from_where_it_lies(kernel: StandIn) -> None:
    async def scene() -> None:
        listener = Listener(kernel.paths)
        await until(kernel.is_listened_to)
        body = random.randbytes(LARGE_BYTES)
        tracemalloc.start()
        try:
            listener.sockets.send("shell", [body])
            await until(kernel.was_asked)
            assert tracemalloc.get_traced_memory()[1] < 1.5 * LARGE_BYTES  # packed once, whatever room there was
        finally:
            tracemalloc.stop()
        assert kernel.question() == body
        listener.sockets.close()

    asyncio.run(scene())
