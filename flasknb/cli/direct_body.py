"""Has gunicorn read large bodies to where they stay; its own reading copies every byte several times."""

from __future__ import annotations

from typing import Any

from gunicorn.http import body, message
from gunicorn.http.errors import NoMoreData


class DirectBody(body.Body):  # type: ignore[misc]
    """gunicorn's own body; one of known length can be read into a buffer."""

    reader: Any

    def readinto(self, room: bytearray | memoryview) -> int:
        """Put what comes next into ``room``; how many bytes, none at the end.

        Raises:
            NoMoreData: the connection ended before the body did. OSError: it broke.
        """
        size_bytes = min(len(room), getattr(self.reader, "length", 0))
        if self.buf.tell() or size_bytes <= 0 or not isinstance(self.reader, body.LengthReader):
            piece = self.read(len(room))
            room[: len(piece)] = piece
            return len(piece)
        count = self._fill(memoryview(room)[:size_bytes])
        self.reader.length -= count
        return count

    def _fill(self, room: memoryview) -> int:
        unreader = self.reader.unreader
        if held := unreader.take_buffered():  # it came with the head
            room[: len(held)] = held[: len(room)]
            unreader.unread(held[len(room) :])
            return min(len(held), len(room))
        try:
            count: int = unreader.sock.recv_into(room)
        except OSError:
            self.failed = True
            raise
        if not count:
            self.failed = True
            raise NoMoreData()
        return count


def read_bodies_directly() -> None:
    """From now on, for this process's HTTP/1 requests."""
    message.Body = DirectBody
