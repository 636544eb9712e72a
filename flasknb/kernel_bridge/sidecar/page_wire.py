"""The socket of one page in the sidecar: bytes in, bytes out, never blocking. Knows nothing of frames.

asyncio's own transports would do; for each message they cost twice as much, and each keeps more memory.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby

RECEIVE_BYTES = 64 * 1024
JOINED_BYTES = 64 * 1024  # below, pieces are put together: one copy takes less than several calls
SMALL_BYTES = 16 * 1024  # and so are those among larger ones
CLOGGED_BYTES = 1024 * 1024  # what waits for the page; above it nothing more should be written
FREE_BYTES = 256 * 1024

Piece = bytes | memoryview


class PageWire:
    """Event loop only. Owns ``connection``.

    Args:
        on_bytes: called with what has come; ``b""`` when nothing comes any more, and nothing can be sent.
        on_free: called when a clogged wire has room again.
    """

    def __init__(
        self, connection: socket.socket, on_bytes: Callable[[bytes], None], on_free: Callable[[], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket, self._number = connection, connection.fileno()
        self._on_bytes, self._on_free = on_bytes, on_free
        self._unsent: deque[Piece] = deque()
        self._unsent_bytes = 0
        self.is_clogged = self.is_closed = self._ends_when_sent = False
        self.stuck_since_s: float | None = None
        """On the monotonic clock: since when the page has not taken one byte of what waits; ``None``: nothing waits."""
        connection.setblocking(False)
        with suppress(OSError):  # a unix socket behind a proxy has no such option
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.add_reader(self._number, self._read)

    def send(self, pieces: Sequence[Piece]) -> None:
        """Send all of them, now as far as there is room, the rest as soon as there is."""
        if self.is_closed:
            return
        size = sum(map(len, pieces))
        if len(pieces) > 1:
            pieces = (b"".join(pieces),) if size <= JOINED_BYTES else _gathered(pieces)
        if not self._unsent and len(pieces) == 1:
            pieces = self._sent_at_once(pieces[0])
        if pieces and not self.is_closed:
            self._queue(pieces)

    def end_when_sent(self) -> None:
        """Hang up after what waits."""
        self._ends_when_sent = True
        if not self._unsent:
            self.close()

    def close(self) -> None:
        """Hang up now."""
        if self.is_closed:
            return
        self.is_closed = True
        self._loop.remove_reader(self._number)
        self._loop.remove_writer(self._number)
        self._unsent.clear()
        with suppress(OSError):  # the page may be gone already; a copy of the socket may be elsewhere
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _sent_at_once(self, piece: Piece) -> Sequence[Piece]:
        """What is left of ``piece``."""
        try:
            sent = self._socket.send(piece)
        except BlockingIOError:
            return (piece,)
        except OSError:
            self._lose()
            return ()
        return () if sent == len(piece) else (memoryview(piece)[sent:],)

    def _queue(self, pieces: Sequence[Piece]) -> None:
        if not self._unsent:
            self.stuck_since_s = self._loop.time()
            self._loop.add_writer(self._number, self._write_more)
        self._unsent.extend(pieces)
        self._unsent_bytes += sum(map(len, pieces))
        self.is_clogged = self._unsent_bytes > CLOGGED_BYTES

    def _write_more(self) -> None:
        """There is room again."""
        try:
            while self._unsent:
                piece = self._unsent[0]
                sent = self._socket.send(piece)
                self._unsent_bytes -= sent
                self.stuck_since_s = self._loop.time()
                if sent < len(piece):
                    self._unsent[0] = memoryview(piece)[sent:]
                else:
                    self._unsent.popleft()
        except BlockingIOError:
            pass
        except OSError:
            self._lose()
            return
        if not self._unsent:
            self.stuck_since_s = None
            self._loop.remove_writer(self._number)
            if self._ends_when_sent:
                self._lose()
                return
        if self.is_clogged and self._unsent_bytes <= FREE_BYTES:
            self.is_clogged = False
            self._on_free()

    def _read(self) -> None:
        try:
            received = self._socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self._on_bytes(received)
        else:
            self._lose()

    def _lose(self) -> None:
        self.close()
        self._on_bytes(b"")


def _gathered(pieces: Sequence[Piece]) -> list[Piece]:
    """The same bytes with small neighbours put together."""
    gathered: list[Piece] = []
    for is_small, run in groupby(pieces, lambda piece: len(piece) < SMALL_BYTES):
        if is_small:
            gathered.append(b"".join(run))
        else:
            gathered.extend(run)
    return gathered
