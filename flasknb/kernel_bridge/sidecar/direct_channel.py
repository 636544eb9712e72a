"""One connection to a kernel on this machine, in ZMTP without libzmq: made again when it breaks, never blocking."""

from __future__ import annotations

import errno
import logging
import select
import socket
from collections import deque
from collections.abc import Callable

from flasknb.kernel_bridge.zmtp import GREETING, BadPeer, Decoder

log = logging.getLogger(__name__)

RECEIVE_BYTES = 256 * 1024
AT_ONCE_BYTES = 4 * 1024 * 1024  # then others have their turn
NOT_THERE = frozenset({errno.ENOENT, errno.ECONNREFUSED, errno.EAGAIN})

Messages = list[list[bytes]]


class DirectChannel:
    """Event loop only.

    Messages wait while there is no connection. What was half sent when it broke is lost, as it is with libzmq.

    Args:
        path: of the kernel's unix socket.
        ready: our READY command.
        poller: tells ``number`` when ``receive`` or ``write_more`` are worth a call.
        on_away: called with this channel when the connection has broken.
    """

    def __init__(
        self, name: str, path: str, ready: bytes, poller: select.epoll, on_away: Callable[[DirectChannel], None]
    ) -> None:
        self.name, self._path, self._ready = name, path, ready
        self._poller, self._on_away = poller, on_away
        self._socket: socket.socket | None = None
        self.number = -1
        """Descriptor of the connection; -1 while there is none."""
        self._decoder = Decoder()
        self._unsent: deque[bytes] = deque()
        self._half_sent: bytes | memoryview = b""
        self.is_open = False
        """Whether the kernel has said that it is ready."""
        self._wanted = 0
        self.first = b""
        """A packed message that comes first on every connection."""

    def connect(self) -> None:
        """Try to reach the kernel."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(self._path)
        except OSError as error:
            connection.close()
            if error.errno not in NOT_THERE:
                log.warning("no connection to a kernel channel=%s error=%s", self.name, error)
            return
        self._socket, self._decoder, self.is_open = connection, Decoder(), False
        self.number = connection.fileno()
        self._wanted = select.EPOLLIN
        self._poller.register(self.number, self._wanted)
        self._write(connection, GREETING + self._ready)

    def send(self, message: bytes) -> None:
        """Send a packed message now, or as soon as that can be done."""
        if self._socket is None or not self.is_open or self._half_sent or self._unsent:
            self._unsent.append(message)
        else:
            self._write(self._socket, message)

    def receive(self) -> Messages:
        """The messages that have come, whole ones; nothing where there are none, or no connection any more."""
        connection, decoder = self._socket, self._decoder
        if connection is None:
            return []
        try:
            if decoder.large is None:
                received = connection.recv(RECEIVE_BYTES)
                count, messages = len(received), decoder.feed(received)
            else:
                count = connection.recv_into(decoder.room)
                messages = decoder.filled(count)
        except BlockingIOError:
            return []
        except (OSError, BadPeer) as error:
            log.warning("connection to a kernel lost channel=%s error=%s", self.name, error)
            count, messages = 0, []
        if count == 0:
            self._disconnect()
            self._on_away(self)
        elif decoder.answers or not self.is_open:
            self._converse(connection)
        return messages

    def write_more(self) -> None:
        """There is room again."""
        if self._socket is not None:
            self._want(select.EPOLLOUT, False)
            self._write(self._socket, self._half_sent)

    def listen(self, listens: bool) -> None:
        """Whether to be told when something can be read, or that the kernel has gone."""
        self._want(select.EPOLLIN, listens)

    def close(self) -> None:
        """Let go; nothing waits any more."""
        self._unsent.clear()
        self._disconnect()

    def _converse(self, connection: socket.socket) -> None:
        """Answer commands; begin to send once the kernel is ready."""
        answers, self._decoder.answers = self._decoder.answers, []
        self._unsent.extendleft(reversed(answers))
        if self._decoder.is_ready and not self.is_open:
            self.is_open = True
            if self.first:
                self._unsent.appendleft(self.first)
        if not self._half_sent and self._unsent:
            self._write(connection, b"")

    def _write(self, connection: socket.socket, message: bytes | memoryview) -> None:
        """Send ``message``, then what waits, as far as there is room and for one turn."""
        left_bytes = AT_ONCE_BYTES
        try:
            while message or (self.is_open and self._unsent):
                self._half_sent = message = message or self._unsent.popleft()
                if left_bytes <= 0:
                    self._want(select.EPOLLOUT, True)
                    return
                sent_bytes = connection.send(memoryview(message)[:left_bytes])
                left_bytes -= sent_bytes
                self._half_sent = message = memoryview(message)[sent_bytes:] if sent_bytes < len(message) else b""
        except BlockingIOError:
            self._want(select.EPOLLOUT, True)
        except OSError:
            self._disconnect()
            self._on_away(self)

    def _want(self, event: int, is_wanted: bool) -> None:
        wanted = self._wanted | event if is_wanted else self._wanted & ~event
        if wanted == self._wanted or self.number < 0:
            return
        if not wanted:
            self._poller.unregister(self.number)  # else it would tell of a hang-up again and again
        elif not self._wanted:
            self._poller.register(self.number, wanted)
        else:
            self._poller.modify(self.number, wanted)
        self._wanted = wanted

    def _disconnect(self) -> None:
        connection, self._socket, self._half_sent = self._socket, None, b""
        if connection is not None:
            self._want(select.EPOLLIN | select.EPOLLOUT, False)
            self.number = -1
            connection.close()
