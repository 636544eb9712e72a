"""A websocket that is right under every WSGI server: simple-websocket's server class, with a writer of our own.

That class finds the socket in the environ, but it sends with ``send`` and without a lock, compresses whatever the
client allows, and queues input without bound. Here every byte goes out whole, under one lock shared with the replies to
ping and close, uncompressed unless asked for; at most one message of bounded size is read at a time. Its parser,
wsproto, is used for the handshake and where messages are compressed; ``ws_frames`` reads all others in less time.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from simple_websocket import Server
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    Request,
    TextMessage,
)
from wsproto.extensions import Extension
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from flasknb.errors import BadRequest
from flasknb.kernel_bridge.deflate import Deflate
from flasknb.kernel_bridge.endless import wait_without_end
from flasknb.kernel_bridge.keeper import Keeper
from flasknb.kernel_bridge.open_websockets import NORMAL, NOT_ALLOWED, OPEN, TOO_BIG
from flasknb.kernel_bridge.websocket_rules import (
    CLOSE_WAIT_S,
    SEND_TIMEOUT_S,
    TOO_MANY_PINGS,
    PingLimit,
    close_frame,
)
from flasknb.kernel_bridge.ws_frames import (
    BINARY,
    CLOSE,
    FINAL,
    MAX_FRAGMENTS,
    NO_CODE,
    PING,
    PONG,
    TEXT,
    FrameReader,
    frame_head,
)
from flasknb.kernel_bridge.ws_frames import Event as FrameEvent

log = logging.getLogger(__name__)

COMPRESSED = 0x40
RECEIVE_BYTES = 128 * 1024
GATHERED_BYTES = 64 * 1024  # what is longer is sent from where it lies

_keeper = Keeper()


class _NoThread:
    """simple-websocket wants to read in a thread of its own; ours reads in the view's."""

    name = ""

    def __init__(self, target: Callable[[], None]) -> None:
        pass

    def start(self) -> None:
        """Nothing."""


class WebSocket(Server):  # type: ignore[misc]
    """One accepted websocket. One thread receives; any may send or close.

    Args:
        environ: WSGI environ of the upgrade request.
        subprotocol: the one to answer with, ``""`` for none; the client must have offered it.
        max_message_bytes: a longer message closes with 1009.
        ping_interval_s: time between pings while nothing arrives.
        ping_timeout_s: silence after which the page counts as gone.
        compression: compress messages, with these ``zlib`` figures; ``None`` does not.

    Raises:
        BadRequest: the request is no websocket handshake, or the server has no socket to give.
    """

    def __init__(
        self,
        environ: Mapping[str, Any],
        *,
        subprotocol: str,
        max_message_bytes: int,
        ping_interval_s: float,
        ping_timeout_s: float,
        compression: Mapping[str, Any] | None = None,
    ) -> None:
        self._deflate = None if compression is None else Deflate(compression, max_message_bytes)
        self._chosen = subprotocol or None
        self._max_message_bytes = max_message_bytes
        self._ping_interval_s, self._ping_timeout_s = ping_interval_s, ping_timeout_s
        self._writing = threading.Lock()
        self._is_closing = False
        self._is_over = False
        self._reader = FrameReader(max_message_bytes) if self._deflate is None else None
        self._parts = bytearray()
        self._fragments = 0
        self._pings = PingLimit()
        self._pinged_s = 0.0
        self._messages: deque[str | bytes] = deque()
        try:
            super().__init__(dict(environ), thread_class=_NoThread)
        except (RuntimeError, LocalProtocolError, RemoteProtocolError) as error:
            if hasattr(self, "_writer"):
                self._writer.close()
            raise BadRequest(f"No websocket can be opened here: {error}") from error
        self.environ: dict[str, Any] = {}  # the server has its own
        if self._reader is not None:
            del self.ws
        self._heard_s = time.monotonic()
        wait_without_end(self.sock)
        OPEN.add(self)
        _keeper.keep(self)

    def handshake(self) -> None:
        """Answer 101, uncompressed unless asked for. simple-websocket calls this once, before anything is sent."""
        self._writer = _duplicate(self.sock)
        self._writer.settimeout(SEND_TIMEOUT_S)
        with suppress(OSError):  # a unix socket behind a proxy has no such option
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ws.receive_data(_request_bytes(self.environ))
        request = next(iter(self.ws.events()), None)
        if not isinstance(request, Request):
            raise RuntimeError("the request is no websocket handshake")
        extensions: list[Extension] = [] if self._deflate is None else [self._deflate]
        self._write([self.ws.send(AcceptConnection(subprotocol=self._chosen, extensions=extensions))])
        self.subprotocol = self._chosen
        self.connected = True

    # Sending

    def send(self, data: str | bytes) -> None:
        """Send one message. After the end it is dropped."""
        self.send_batch([data])

    def send_batch(self, batch: Iterable[str | bytes | memoryview]) -> None:
        """Send messages in one go. After the end they are dropped."""
        pieces: list[bytes | memoryview] = []
        for message in batch:
            first, payload = (FINAL | TEXT, message.encode()) if isinstance(message, str) else (FINAL | BINARY, message)
            if self._deflate is not None and (packed := self._deflate.pack(payload)) is not None:
                first, payload = first | COMPRESSED, packed
            pieces += (frame_head(first, len(payload)), payload)
        with self._writing:
            if not self._is_closing:
                self._write(pieces)

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say goodbye with a code; the receiving thread ends when the page has answered, or CLOSE_WAIT_S later."""
        code = NORMAL if reason is None else reason
        with self._writing:
            if self._is_closing:
                return
            self._is_closing = True
            self._write(close_frame(code, message or ""))
        deadline = threading.Timer(CLOSE_WAIT_S, self._hang_up)
        deadline.daemon = True
        deadline.start()

    def expel(self, message: str) -> None:
        """Close with 1008; what the page still sends is not read."""
        self.close(NOT_ALLOWED, message)
        self._is_over = True

    def _control(self, opcode: int, body: bytes = b"") -> None:
        with self._writing:
            if not self._is_closing:
                self._write([frame_head(FINAL | opcode, len(body)), body])

    def _write(self, pieces: Sequence[bytes | memoryview]) -> None:
        """Every byte, in order; a page that takes none for SEND_TIMEOUT_S loses the connection."""
        try:
            for whole in gathered(pieces):
                sent = self._writer.send(whole)
                if sent < len(whole):
                    rest = memoryview(whole)[sent:]
                    while rest:
                        rest = rest[self._writer.send(rest) :]
        except OSError:
            self._is_closing = True
            self._hang_up()

    # Receiving

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """The next message, ``None`` when the websocket is over. Pings go out meanwhile (``keeper``)."""
        while not self._messages and not self._is_over:
            self._receive_some()
        return self._messages.popleft() if self._messages else None

    def finish(self) -> None:
        """After the last ``receive``: no byte goes in or out any more. The server closes its own socket."""
        OPEN.discard(self)
        _keeper.let_go(self)
        self._is_closing = self._is_over = True
        self._hang_up()
        self._writer.close()

    def _receive_some(self) -> None:
        try:
            received = self.sock.recv(RECEIVE_BYTES)
        except (OSError, ValueError):
            received = b""
        if not received:
            self._is_over = True
            return
        self._heard_s = time.monotonic()
        if self._reader is None:
            self._receive_packed(received)
            return
        for event in self._reader.feed(received):
            self._hear(event)
        if self._reader.fault is not None:
            self.close(*self._reader.fault)
            # who is still sending too much learns of it only when that is taken off the line: dropped, for CLOSE_WAIT_S
            self._is_over = self._reader.fault.code != TOO_BIG

    def _hear(self, event: FrameEvent) -> None:
        if event.opcode == BINARY:
            self._messages.append(event.payload)
        elif event.opcode == TEXT:
            self._messages.append(event.payload.decode())
        elif event.opcode == PING:
            self._answer_ping(event.payload)
        elif event.opcode == CLOSE:
            self._part(event.code, event.payload.decode())

    def _receive_packed(self, received: bytes) -> None:
        try:
            self.ws.receive_data(received)
            for event in self.ws.events():
                self._handle(event)
        except (LocalProtocolError, RemoteProtocolError):
            self._is_over = True

    # Being kept, see ``keeper``

    @property
    def next_look_s(self) -> float:
        """On the monotonic clock, when to look after this websocket."""
        return max(self._heard_s, self._pinged_s) + self._ping_interval_s

    def look(self, now_s: float) -> None:
        """Ping a page that has been silent, or give it up. May wait for the page."""
        self._pinged_s = now_s
        if now_s - self._heard_s > self._ping_timeout_s:
            log.info("websocket silent for %.0f s", self._ping_timeout_s)
            self._is_over = True
            self._hang_up()
        else:
            self._control(PING)

    # Compressed, by wsproto

    def _handle(self, event: Event) -> None:
        if isinstance(event, CloseConnection):
            self._part(event.code, event.reason)
        elif isinstance(event, Ping):
            self._answer_ping(bytes(event.payload))
        elif isinstance(event, TextMessage | BytesMessage) and not self._is_over:
            self._collect(event)
        elif not isinstance(event, Pong):
            log.debug("websocket event ignored %s", type(event).__name__)

    def _collect(self, event: TextMessage | BytesMessage) -> None:
        self._parts += event.data.encode() if isinstance(event, TextMessage) else event.data
        self._fragments += event.frame_finished
        if len(self._parts) > self._max_message_bytes or self._fragments > MAX_FRAGMENTS:
            self._parts = bytearray()
            self.close(TOO_BIG, f"messages of at most {self._max_message_bytes} bytes are read")
            self._is_over = True
        elif event.message_finished:
            message = self._parts
            self._parts, self._fragments = bytearray(), 0
            self._messages.append(message.decode() if isinstance(event, TextMessage) else bytes(message))

    def _part(self, code: int, reason: str | None) -> None:
        """The page says goodbye."""
        self.close_reason, self.close_message = code, reason
        self.close(code if code in range(1000, 5000) and code != NO_CODE else NORMAL)
        self._is_over = True

    def _answer_ping(self, body: bytes) -> None:
        if self._pings.is_exceeded(time.monotonic()):
            self.close(NOT_ALLOWED, TOO_MANY_PINGS)
            self._is_over = True
        self._control(PONG, body)

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


def gathered(pieces: Sequence[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Small pieces put together; of a large one only the first bytes, so that they travel with its head."""
    if len(pieces) == 1 or sum(map(len, pieces)) <= GATHERED_BYTES:
        yield b"".join(pieces)
        return
    together: list[bytes | memoryview] = []
    for piece in pieces:
        if len(piece) <= GATHERED_BYTES:
            together.append(piece)
            continue
        view = memoryview(piece)
        yield b"".join([*together, view[:GATHERED_BYTES]])
        yield view[GATHERED_BYTES:]
        together = []
    if together:
        yield b"".join(together)


def _duplicate(connection: Any) -> Any:
    """A second object for the same socket, with a timeout of its own; TLS sockets have none and share."""
    try:
        return connection.dup()
    except NotImplementedError:
        return connection


def _request_bytes(environ: Mapping[str, Any]) -> bytes:
    headers = [
        f"{name[5:].replace('_', '-').title()}: {value}"
        for name, value in environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    ]
    return "\r\n".join(["GET / HTTP/1.1", *headers, "", ""]).encode("latin-1")
