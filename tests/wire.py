"""A network that breaks when told to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

PIECE_BYTES = 64 * 1024


class Wire:
    """A TCP proxy on loopback whose connections can be cut, both ways at once and without goodbye.

    Args:
        port: where it leads.
        idle_s: silence from the server after which it cuts by itself, as many a proxy does; ``None`` for never.
    """

    def __init__(self, port: int, *, idle_s: float | None = None) -> None:
        self._idle_s = idle_s
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._is_refusing = False
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End everything that is open; what is on its way is lost."""
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        """The same, and everybody who comes is turned away, until ``mend``."""
        self._is_refusing = True
        self.cut()

    def mend(self) -> None:
        """Let everybody through again."""
        self._is_refusing = False

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._is_refusing:
                near.close()
                continue
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                near.close()
                continue
            far.settimeout(self._idle_s)
            with self._lock:
                self._sockets |= {near, far}
            pair = [threading.Thread(target=self._carry, args=ends, daemon=True) for ends in ((near, far), (far, near))]
            for thread in pair:
                thread.start()
            threading.Thread(target=self._end, args=(near, far, pair), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                sink.sendall(piece)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _end(self, near: socket.socket, far: socket.socket, pair: list[threading.Thread]) -> None:
        for thread in pair:
            thread.join()
        with self._lock:
            self._sockets -= {near, far}
        near.close()
        far.close()
