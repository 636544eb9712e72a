"""What happens to kernels and sessions, and events, as a worker hears of them, from whatever sidecar runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.connection import BridgeConnection, ConnectionLost, SidecarAbsent
from flasknb.kernel_bridge.frames import Kind
from flasknb.kernel_bridge.handshake import ROLE_EVENTS
from flasknb.kernel_bridge.instance import Discovery

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0  # for a sidecar, while there is none
COME_BACK_S = 0.1  # after a lost connection
JOIN_TIMEOUT_S = 10.0

Item = TypeVar("Item")


class SidecarFeed(Generic[Item]):
    """A ``Feed`` of the sidecar that ``find`` knows how to reach, if any. One thread iterates, any closes.

    It keeps no queue: what is not read waits in the socket, then in the sidecar, which keeps the newest changes.
    ``number`` is that of the last item heard; ``None`` before it was known whether there is a sidecar.

    Args:
        topic: one of ``handshake``.
        decode: makes an item of the JSON that the sidecar tells.
        on_loss: called when a connection has ended by itself, before the next is tried.
    """

    def __init__(
        self,
        find: Callable[[], Discovery | None],
        topic: str,
        decode: Callable[[dict[str, Any]], Item],
        on_loss: Callable[[], None] = lambda: None,
    ) -> None:
        self._find, self._topic, self._decode, self._on_loss = find, topic, decode, on_loss
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._connection: BridgeConnection | None = None
        self._opened: BridgeConnection | None = None
        self._run = ""
        self.number: int | None = None

    def __iter__(self) -> Iterator[Item]:
        """Items from the first connection on, waiting for them, until ``close``."""
        while not self._closed.is_set():
            connection = self._take_opened() or self._connected()
            if connection is None:
                self.number = self.number or 0  # whatever the sidecar to come has to tell is new
                self._closed.wait(LOOK_AGAIN_S)
                continue
            try:
                yield from self._items(connection)
            finally:
                self._let_go(connection)
            if not self._closed.wait(COME_BACK_S):
                self._on_loss()

    def open(self) -> bool:
        """Listen from this moment on, before anybody iterates. False where no sidecar answers; iterating waits then."""
        self._opened = self._connected()
        return self._opened is not None

    def close(self) -> None:
        """End the iteration, also while it waits."""
        self._closed.set()
        unused = self._take_opened()
        if unused is not None:
            self._let_go(unused)
        with self._lock:
            if self._connection is not None:
                self._connection.wake()

    def _take_opened(self) -> BridgeConnection | None:
        with self._lock:
            opened, self._opened = self._opened, None
        return opened

    def _connected(self) -> BridgeConnection | None:
        """A connection that has been accepted, ``None`` where no sidecar answers; starts none."""
        position = {"topic": self._topic, "run": self._run, "since": self.number}
        try:
            discovery = self._find()
            if discovery is None:
                return None
            connection = BridgeConnection(discovery, ROLE_EVENTS, position)
        except (SidecarAbsent, SidecarUnavailable) as error:
            log.debug("no changes to hear reason=%s", error)
            return None
        with self._lock:
            self._connection = connection
        try:
            begin = connection.receive(JOIN_TIMEOUT_S)
        except (ConnectionLost, TimeoutError) as error:
            log.debug("no news to hear reason=%s", error)
            self._let_go(connection)
            return None
        if begin.kind is Kind.RESULT:
            self._run, self.number = begin.json()["run"], begin.json()["number"]
        if self._closed.is_set():
            connection.wake()
        return connection

    def _items(self, connection: BridgeConnection) -> Iterator[Item]:
        """What the connection tells until it ends."""
        try:
            while (frame := connection.receive(None)).kind is Kind.EVENT:
                told: dict[str, Any] = frame.json()
                self.number = told["number"]
                yield self._decode(told["change"])
        except ConnectionLost as error:
            log.debug("news are no longer heard reason=%s", error)

    def _let_go(self, connection: BridgeConnection) -> None:
        with self._lock:
            self._connection = None
            connection.close()
