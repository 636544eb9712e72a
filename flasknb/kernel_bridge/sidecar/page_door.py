"""A page's websocket that a worker has passed to us: frames of the bridge become its messages, and the other way round.

What a worker does for the websockets it keeps (``websocket``, ``channels``), without a thread, a second connection and
two more processes to wake for each message.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass

from flasknb.kernel_bridge.bridge import Joined
from flasknb.kernel_bridge.frames import HEAD, HEAD_BYTES, LENGTH_BYTES, MESSAGE
from flasknb.kernel_bridge.open_websockets import NORMAL, NOT_ALLOWED, TOO_BIG, UNSUPPORTED
from flasknb.kernel_bridge.sidecar.page_wire import PageWire, Piece
from flasknb.kernel_bridge.sidecar.subscriber import Subscriber
from flasknb.kernel_bridge.websocket_rules import (
    CLOSE_WAIT_S,
    SEND_TIMEOUT_S,
    TOO_MANY_PINGS,
    PingLimit,
    close_frame,
    farewell,
)
from flasknb.kernel_bridge.ws_codec import (
    LEGACY_PROTOCOL,
    SEQ_BYTES,
    SEQ_PROTOCOL,
    BadFrame,
    incoming,
    legacy_pieces,
    split_parts,
    view_parts,
)
from flasknb.kernel_bridge.ws_frames import (
    BINARY,
    CLOSE,
    FINAL,
    NO_CODE,
    PING,
    PONG,
    TEXT,
    Event,
    FrameReader,
    frame_head,
)

log = logging.getLogger(__name__)

VIEWED_BYTES = 64 * 1024  # from here on a view takes less than a copy


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the page. ``protocol`` is the subprotocol, ``""`` for legacy JSON."""

    protocol: str
    max_message_bytes: int
    ping_interval_s: float
    ping_timeout_s: float


class PageDoor:
    """An ``Outlet`` that ends at the page. Event loop only. Nothing is written before ``open``."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._skipped = HEAD_BYTES if terms.protocol == SEQ_PROTOCOL else HEAD_BYTES + SEQ_BYTES
        self._is_legacy = terms.protocol == LEGACY_PROTOCOL
        self._reader = FrameReader(terms.max_message_bytes)
        self._loop = asyncio.get_running_loop()
        self._heard_s, self._pinged_s = self._loop.time(), 0.0
        self._pings = PingLimit()
        self._is_closing = self._is_over = False
        self._deadline: asyncio.TimerHandle | None = None

    def open(
        self,
        connection: socket.socket,
        answer: bytes,
        joined: Joined,
        subscriber: Subscriber,
        on_over: Callable[[], None],
    ) -> None:
        """Answer the handshake; the page hears ``subscriber`` from now on.

        Args:
            connection: the page's socket, on which nothing has been answered yet.
            on_over: called once, when the websocket is over.
        """
        self._subscriber, self._on_over = subscriber, on_over
        self._wire = PageWire(connection, self._take, self._on_free)
        pieces: list[Piece] = [answer]
        if self._terms.protocol == SEQ_PROTOCOL:
            pieces += _text(json.dumps(joined.told()).encode())
        self._wire.send(pieces)

    # Outlet

    @property
    def is_clogged(self) -> bool:
        """Whether the page reads slowly."""
        return self._wire.is_clogged

    def write(self, *frames: bytes) -> None:
        """Pass on packed frames of the bridge; to a websocket that closes, nothing."""
        if self._is_closing:
            return
        pieces: list[Piece] = []
        coming = iter(frames)
        for frame in coming:
            if not frame:
                continue
            size, kind = HEAD.unpack_from(frame)
            if kind != MESSAGE:
                pieces += _text(frame[HEAD_BYTES:])
                continue
            body = memoryview(frame)[self._skipped :] if len(frame) > VIEWED_BYTES else frame[self._skipped :]
            rest = next(coming) if LENGTH_BYTES + size > len(frame) else b""
            if self._is_legacy:
                pieces += _legacy(body, rest)
            else:
                pieces += (frame_head(FINAL | BINARY, len(body) + len(rest)), body)
                if rest:
                    pieces.append(rest)
        self._wire.send(pieces)

    def end(self, reason: str) -> None:
        """Say goodbye after what was written."""
        self.close(*farewell(reason))

    # Ending

    def close(self, code: int, reason: str) -> None:
        """Say goodbye with a code; it is over when the page has answered, or CLOSE_WAIT_S later."""
        if self._is_closing:
            return
        self._is_closing = True
        self._deadline = self._loop.call_later(CLOSE_WAIT_S, self._finish)
        self._wire.send(close_frame(code, reason))
        self._subscriber.on_close()  # what is said from now on is not said to this page

    def expel(self, reason: str) -> None:
        """Close with 1008; what the page still sends is not read."""
        self.close(NOT_ALLOWED, reason)
        self._part()

    def _part(self) -> None:
        """Nothing more is read; what was written still goes out, for CLOSE_WAIT_S."""
        self._is_over = True
        self._wire.end_when_sent()
        if self._wire.is_closed:
            self._finish()

    def _finish(self) -> None:
        self._is_over = self._is_closing = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._subscriber.on_close()
        self._wire.close()
        on_over, self._on_over = self._on_over, _nothing
        on_over()

    # From the page

    def _take(self, received: bytes) -> None:
        if not received:
            self._finish()
            return
        self._heard_s = self._loop.time()
        if self._is_over:
            return
        for event in self._reader.feed(received):
            self._hear(event)
            if self._is_over:
                return
        fault = self._reader.fault
        if fault is not None:
            self.close(fault.code, fault.reason)
            if fault.code != TOO_BIG:  # who still sends too much learns of it only when that is taken off the line
                self._part()

    def _hear(self, event: Event) -> None:
        if event.opcode in (BINARY, TEXT):
            self._hear_message(event)
        elif event.opcode == PING:
            self._answer_ping(event.payload)
        elif event.opcode == CLOSE:
            code = event.code if event.code in range(1000, 5000) and event.code != NO_CODE else NORMAL
            self.close(code, "")
            self._part()

    def _hear_message(self, event: Event) -> None:
        try:
            self._subscriber.on_message(self._payload(event))
        except BadFrame as error:
            log.warning("websocket closed: %s", error)
            self.close(UNSUPPORTED, str(error))

    def _payload(self, event: Event) -> bytes:
        """The v1 payload of a page's message. Raises BadFrame."""
        message = event.payload.decode() if event.opcode == TEXT else event.payload
        return incoming(message, self._terms.protocol)

    def _answer_ping(self, body: bytes) -> None:
        if self._pings.is_exceeded(self._loop.time()):
            self.close(NOT_ALLOWED, TOO_MANY_PINGS)
            self._part()
        else:
            self._control(PONG, body)

    def _control(self, opcode: int, body: bytes = b"") -> None:
        if not (self._is_closing or self._wire.is_clogged):
            self._wire.send([frame_head(FINAL | opcode, len(body)), body])

    # Being kept

    @property
    def next_look_s(self) -> float:
        """When to look after this websocket."""
        ping_s = max(self._heard_s, self._pinged_s) + self._terms.ping_interval_s
        stuck_s = self._wire.stuck_since_s
        return ping_s if stuck_s is None else min(ping_s, stuck_s + SEND_TIMEOUT_S)

    def look(self, now_s: float) -> None:
        """Ping a page that has been silent, or give it up."""
        stuck_s = self._wire.stuck_since_s
        is_stuck = stuck_s is not None and now_s - stuck_s >= SEND_TIMEOUT_S
        if is_stuck or now_s - self._heard_s > self._terms.ping_timeout_s:
            log.info("websocket silent for %.0f s", now_s - self._heard_s)
            self._finish()
        else:
            self._pinged_s = now_s
            self._control(PING)

    def _on_free(self) -> None:
        if not self._is_closing:
            self._subscriber.flush()


def _text(text: bytes) -> tuple[Piece, Piece]:
    return frame_head(FINAL | TEXT, len(text)), text


def _legacy(body: Piece, rest: bytes) -> list[Piece]:
    parts = split_parts(body) if isinstance(body, bytes) and not rest else view_parts(memoryview(body), rest)
    is_text, pieces = legacy_pieces(parts)
    return [frame_head(FINAL | (TEXT if is_text else BINARY), sum(map(len, pieces))), *pieces]


def _nothing() -> None:
    """It was told already."""
