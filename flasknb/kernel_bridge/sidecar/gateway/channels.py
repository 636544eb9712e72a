"""The websocket to one kernel behind the gateway, opened again whenever it breaks; looks like ``KernelSockets``."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from flasknb.errors import FlasknbError, KernelMissing
from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.messages import DELIMITER, BadMessage
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest, WebSocket
from flasknb.kernel_bridge.sidecar.sockets import OnMessage
from flasknb.kernel_bridge.ws_codec import (
    CHANNELS,
    LEGACY_PROTOCOL,
    V1_PROTOCOL,
    BadFrame,
    from_legacy,
    join_parts,
    split_parts,
    to_legacy,
)

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 512 * 1024 * 1024
OUTBOX_BYTES = 256 * 1024 * 1024
BURST_MESSAGES = 100  # then the loop serves others first
CLOSE_TIMEOUT_S = 2.0
JITTER = 0.25
STATES_OF_THE_SERVER = {b'"restarting"': "restarting", b'"autorestarting"': "restarting", b'"dead"': "dead"}
"""What the gateway's server says about a kernel in the kernel's place."""


@dataclass(frozen=True)
class Backoff:
    """Times between attempts to reconnect; seconds."""

    first_s: float
    longest_s: float
    attempts: int

    def delay_s(self, attempt: int) -> float:
        """Before attempt number ``attempt``, from 0; a little scattered, so that not all kernels come at once."""
        delay_s = min(self.first_s * 2 ** min(attempt, 30), self.longest_s)
        return float(delay_s * (1 + random.uniform(0, JITTER)))  # noqa: S311 - no secret


@dataclass(frozen=True)
class Listener:
    """Whom the channels tell: ``on_cut`` and ``on_back`` (with the seconds between), ``on_state``, ``on_gone``."""

    on_message: OnMessage
    on_drained: Callable[[], None]
    on_cut: Callable[[str], None]
    on_back: Callable[[float], None]
    on_state: Callable[[str], None]
    on_gone: Callable[[], None]


class GatewayChannels:
    """All channels of one kernel over one websocket. Event loop only.

    What is sent while the websocket is away waits, in order. After ``backoff.attempts`` failures in a row nothing is
    tried until something is sent, or ``wake`` is called.

    Args:
        path: of the websocket, with its query; a session id that stays the same makes the gateway keep what comes
            meanwhile.
        protocol: the subprotocol to offer; ``""`` for none.
        exists: raises KernelMissing where the kernel is gone.
    """

    def __init__(
        self,
        rest: GatewayRest,
        path: str,
        *,
        protocol: str,
        backoff: Backoff,
        listener: Listener,
        exists: Callable[[], Awaitable[object]],
    ) -> None:
        self._rest, self._path, self._backoff, self._listener, self._exists = rest, path, backoff, listener, exists
        self._offered = (protocol,) if protocol else ()
        self._outbox: deque[tuple[str, Sequence[bytes]]] = deque()
        self._outbox_bytes = 0
        self._wanted = asyncio.Event()
        self._news = asyncio.Event()
        self._cut_s: float | None = None
        self._has_been_open = self._flush_is_due = False
        self.is_open = False
        self._life = asyncio.create_task(self._live())

    def send(self, channel: str, frames: Sequence[bytes]) -> None:
        """Send one message, as ZMQ frames; what exceeds OUTBOX_BYTES is dropped with a line in the log."""
        parts = list(frames[frames.index(DELIMITER) + 2 :])
        size = sum(map(len, parts))
        if self._outbox_bytes + size > OUTBOX_BYTES:
            log.error("message to a gateway's kernel dropped, too much waits path=%s", self._path.partition("?")[0])
            return
        self._outbox.append((channel, parts))
        self._outbox_bytes += size
        self._news.set()
        self.wake()

    def wake(self) -> None:
        """Somebody needs the kernel: try again where that was given up."""
        self._wanted.set()

    def reopen_requests(self) -> None:
        """Drop what waits."""
        self._outbox.clear()
        self._outbox_bytes = 0

    def close(self) -> None:
        """Close the websocket for good."""
        self._life.cancel()

    async def _live(self) -> None:
        attempt = 0
        while True:
            try:
                socket = await self._rest.websocket(self._path, self._offered, max_bytes=MAX_MESSAGE_BYTES)
            except FlasknbError as error:
                if isinstance(error, KernelMissing) and await self._is_gone():
                    self._listener.on_gone()
                    return
                self._note_cut(error.message)
            else:
                attempt = 0
                await self._serve(socket)
                self._note_cut("the gateway closed the connection")
            if attempt >= self._backoff.attempts:
                log.error("gateway not reached, waiting until the kernel is used path=%s", self._path.partition("?")[0])
                self._wanted.clear()
                await self._wanted.wait()
                attempt = 0
                continue
            await asyncio.sleep(self._backoff.delay_s(attempt))
            attempt += 1

    async def _is_gone(self) -> bool:
        """Whether the gateway itself says so; a proxy in front of one that restarts may say 404 too."""
        try:
            await self._exists()
        except KernelMissing:
            return True
        except FlasknbError:
            return False
        return False

    def _note_cut(self, reason: str) -> None:
        if self._cut_s is None:
            self._cut_s = time.monotonic()
            log.warning("gateway connection lost path=%s reason=%s", self._path.partition("?")[0], reason)
            self._listener.on_cut(reason)

    async def _serve(self, socket: WebSocket) -> None:
        """Carry messages both ways until the websocket ends."""
        self.is_open = True
        cut_s, self._cut_s = self._cut_s, None
        if self._has_been_open and cut_s is not None:
            self._listener.on_back(time.monotonic() - cut_s)
        self._has_been_open = True
        writing = asyncio.create_task(self._write(socket))
        try:
            await self._read(socket)
        finally:
            self.is_open = False
            writing.cancel()
            self._listener.on_drained()
            with suppress(asyncio.TimeoutError, aiohttp.ClientError, OSError):
                await asyncio.wait_for(socket.close(), CLOSE_TIMEOUT_S)

    async def _read(self, socket: WebSocket) -> None:
        count = 0
        while True:
            message = await socket.receive()
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return
            self._hear(message.data, is_legacy=socket.protocol != V1_PROTOCOL)
            count += 1
            if not self._flush_is_due:
                self._flush_is_due = True
                asyncio.get_running_loop().call_soon(self._flush)
            if count % BURST_MESSAGES == 0:
                await asyncio.sleep(0)

    def _flush(self) -> None:
        self._flush_is_due = False
        self._listener.on_drained()

    def _hear(self, frame: str | bytes, *, is_legacy: bool) -> None:
        try:
            if isinstance(frame, str) and not is_legacy:
                raise BadFrame("a text where the binary protocol was agreed on")
            parts = from_legacy(frame) if is_legacy or isinstance(frame, str) else split_parts(frame)
            channel = parts[0].decode(errors="replace")
            if channel not in CHANNELS:
                raise BadFrame(f"the channel {channel[:40]!r}")
            kind = messages.peek(parts[1]).msg_type
        except (BadFrame, BadMessage, RecursionError) as error:
            log.warning("message of the gateway dropped error=%s", str(error)[:200])
            return
        self._listener.on_message(channel, [DELIMITER, b"", *parts[1:]])
        if kind == "status" and channel == "iopub":
            for mark, state in STATES_OF_THE_SERVER.items():
                if mark in parts[4]:
                    self._listener.on_state(state)

    async def _write(self, socket: WebSocket) -> None:
        """Send what waits; one message stays at the head of the queue until it went out."""
        while True:
            while self._outbox:
                channel, parts = self._outbox[0]
                all_parts = [channel.encode(), *parts]
                frame = join_parts(all_parts) if socket.protocol == V1_PROTOCOL else to_legacy(all_parts)
                try:
                    await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
                except (aiohttp.ClientError, ConnectionError):
                    return
                if self._outbox and self._outbox[0][1] is parts:
                    self._outbox.popleft()
                    self._outbox_bytes -= sum(map(len, parts))
            self._news.clear()
            await self._news.wait()


def offered_protocol(option: str | None) -> str:
    """What the option ``GatewayWebSocketConnection.kernel_ws_protocol`` asks to be offered."""
    return V1_PROTOCOL if option is None else option or LEGACY_PROTOCOL
