"""The websockets that one worker has passed to us, over the connection by which it did so.

Sockets come beside the bytes of that connection, so it is read here and not by asyncio. When it ends the worker has
gone: its pages are told to come back, to another one.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import socket
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from flasknb.errors import FlasknbError, SidecarUnavailable
from flasknb.kernel_bridge.crossing import error_to_json
from flasknb.kernel_bridge.frames import BadBridgeFrame, Frame, FrameDecoder, Kind
from flasknb.kernel_bridge.sidecar.admission import is_crowded
from flasknb.kernel_bridge.sidecar.house import CROWDED, House, joined_kernel
from flasknb.kernel_bridge.sidecar.page_door import PageDoor, Terms

log = logging.getLogger(__name__)

RECEIVE_BYTES = 64 * 1024
DESCRIPTORS = 8  # at a time; the system hands over those of one frame, which are one
CLOSED_IN_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class Reception:
    """Event loop only.

    Args:
        transport: of the connection, whose reading this takes over.
        send: tells the worker.
    """

    def __init__(
        self, house: House, transport: asyncio.Transport, send: Callable[[Kind, Mapping[str, Any]], None]
    ) -> None:
        self._house, self._transport, self._send = house, transport, send
        self._decoder = FrameDecoder()
        self._arrived: deque[int] = deque()
        self._doors: dict[int, PageDoor] = {}
        transport.pause_reading()
        self._socket = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._read)

    def end(self, reason: str) -> None:
        """Read no more; all pages that came this way are told to come back."""
        if self._socket.fileno() < 0:
            return
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
        for descriptor in self._arrived:
            os.close(descriptor)
        self._arrived.clear()
        for door in list(self._doors.values()):
            door.end(reason)

    def _read(self) -> None:
        try:
            received, descriptors, _, _ = socket.recv_fds(self._socket, RECEIVE_BYTES, DESCRIPTORS, CLOSED_IN_EXEC)
        except BlockingIOError:
            return
        except OSError:
            received, descriptors = b"", []
        self._arrived.extend(descriptors)
        if not received:
            self._transport.abort()
            return
        try:
            for frame in self._decoder.feed(received):
                self._serve(frame)
        except (BadBridgeFrame, KeyError, TypeError, ValueError) as error:
            log.warning("connection dropped error=%s", error)
            self._transport.abort()

    def _serve(self, frame: Frame) -> None:
        said = frame.json()
        if frame.kind is Kind.CALL:
            if not self._arrived:
                raise BadBridgeFrame("a websocket without its socket")
            self._take_in(said["id"], said, socket.socket(fileno=self._arrived.popleft()))
        elif frame.kind is Kind.END:
            self._close(said)
        else:
            raise BadBridgeFrame(f"a {frame.kind.name} frame makes no sense here")

    def _take_in(self, number: int, said: Mapping[str, Any], connection: socket.socket) -> None:
        try:
            self._welcome(number, said, connection)
        except FlasknbError as error:
            connection.close()
            self._send(Kind.ERROR, {"id": number, "error": error_to_json(error)})

    def _welcome(self, number: int, said: Mapping[str, Any], connection: socket.socket) -> None:
        if is_crowded(connection.fileno()):
            raise SidecarUnavailable(CROWDED)
        if self._loop.time() > said["until_s"]:  # the same clock in all processes of a machine
            raise SidecarUnavailable("The process that runs the kernels accepts no connection; try again.")
        terms = Terms(
            str(said["protocol"]),
            int(said["max_message_bytes"]),
            _seconds(said["ping_interval_s"]),
            _seconds(said["ping_timeout_s"]),
        )
        door = PageDoor(terms)
        joined, subscriber, kernel = joined_kernel(self._house, said, door)
        # first of all the worker: had the page heard before, and we died, the worker would answer it once more
        self._send(Kind.RESULT, {"id": number})
        self._doors[number] = door
        door.open(connection, str(said["answer"]).encode("latin-1"), joined, subscriber, lambda: self._on_over(number))
        if number in self._doors:
            self._house.keeper.keep(door)
        if subscriber.takes_notes:
            subscriber.note(kernel.note)
        subscriber.flush()

    def _close(self, said: Mapping[str, Any]) -> None:
        door = self._doors.get(said["id"])
        if door is None:
            return  # it was over just now
        if said["at_once"]:
            door.expel(str(said["reason"]))
        else:
            door.close(int(said["code"]), str(said["reason"]))

    def _on_over(self, number: int) -> None:
        door = self._doors.pop(number, None)
        if door is not None:
            self._house.keeper.let_go(door)
            self._send(Kind.END, {"id": number})


def _seconds(said: float | None) -> float:
    """JSON knows no infinity."""
    return math.inf if said is None else float(said)
