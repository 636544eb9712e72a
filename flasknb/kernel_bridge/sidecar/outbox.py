"""What waits to be written to one connection. Large frames go piece by piece: asyncio copies what the socket leaves."""

from __future__ import annotations

import asyncio
import socket
from collections import deque

CLOGGED_BYTES = 1024 * 1024
PIECE_BYTES = 256 * 1024
SOCKET_BYTES = 1024 * 1024  # of the system's for whom large frames are; as a rule it is a fifth


class Outbox:
    """Event loop only. Whoever owns it passes on ``pause`` and ``resume`` of the transport."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        transport.set_write_buffer_limits(high=CLOGGED_BYTES)
        self._waiting: deque[memoryview] = deque()
        self._is_full = self._is_last = self._has_room = False

    @property
    def is_clogged(self) -> bool:
        """Whether the other end reads too slowly for more."""
        return self._is_full or bool(self._waiting)

    def write(self, frames: bytes) -> None:
        """Pass on packed frames; to a connection that closes, nothing."""
        if self._is_last or self._transport.is_closing():
            return
        if len(frames) <= PIECE_BYTES and not self._waiting:
            self._transport.write(frames)
            return
        self._waiting.append(memoryview(frames))
        if not self._has_room:
            self._make_room()
        self._write_waiting()

    def close(self) -> None:
        """Close after what was written."""
        self._is_last = True
        if not self._waiting:
            self._transport.close()

    def pause(self) -> None:
        """The transport has more than it likes."""
        self._is_full = True

    def resume(self) -> None:
        """It takes more; what waits comes first."""
        self._is_full = False
        self._write_waiting()
        if self._is_last and not self._waiting:
            self._transport.close()

    def _write_waiting(self) -> None:
        while self._waiting and not self._is_full and not self._transport.is_closing():
            view = self._waiting.popleft()
            if len(view) > PIECE_BYTES:
                self._waiting.appendleft(view[PIECE_BYTES:])
            self._transport.write(view[:PIECE_BYTES])

    def _make_room(self) -> None:
        """Have the system take more in one go; over TCP it finds the right size itself."""
        self._has_room = True
        connection = self._transport.get_extra_info("socket")
        if connection is not None and connection.family == socket.AF_UNIX:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
