"""Has gunicorn send the head and a small body of an answer in one system call: the call is most of what it costs."""

from __future__ import annotations

from typing import Any

from gunicorn.http import wsgi

SENT_AT_ONCE_BYTES = 16 * 1024  # above, copying costs more than another call


class HeldBytes:
    """Stands for the socket while an answer is put together."""

    def __init__(self) -> None:
        self.content = bytearray()

    def sendall(self, data: bytes) -> None:
        """Keep ``data``."""
        self.content += data


class OnePieceResponse(wsgi.Response):  # type: ignore[misc]
    """gunicorn's own answer; only its first piece and the head are sent together."""

    sock: Any

    def write(self, arg: bytes) -> None:
        """Send ``arg``, and the head before the first piece."""
        if self.headers_sent or len(arg) > SENT_AT_ONCE_BYTES:
            super().write(arg)
            return
        connection = self.sock
        self.sock = held = HeldBytes()
        try:
            super().write(arg)
        finally:
            self.sock = connection
            if held.content:
                connection.sendall(bytes(held.content))


def answer_in_one_piece() -> None:
    """From now on, for this process's HTTP/1 answers."""
    wsgi.Response = OnePieceResponse
