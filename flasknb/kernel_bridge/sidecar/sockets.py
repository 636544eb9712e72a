"""The sidecar's ZMQ sockets to one kernel, read through the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import zmq

DRAIN_MESSAGES, DRAIN_BYTES = 500, 4 * 1024 * 1024  # then the loop serves others first
RECONNECT_MS, LONGEST_RECONNECT_MS = 2, 20  # the kernel binds after we connect; longer would be felt at each start
LINGER_MS = 0
HOLD_TOPIC = b"flasknb.hold"  # both are known to launch_ipykernel
COUNT_MARK = b"flasknb.count:"
READABLE = int(zmq.POLLIN)  # as a plain number: pyzmq's flags take longer than the question
REQUEST_CHANNELS = ("shell", "stdin", "control")

OnMessage = Callable[[str, Sequence[bytes]], None]


class Wires(Protocol):
    """The way to one kernel, whatever it is made of."""

    def send(self, channel: str, frames: Sequence[bytes]) -> None:
        """Send one message, as ZMQ frames; it waits until the kernel takes it."""

    def reopen_requests(self) -> None:
        """Another process is going to be there: what the old one has not read is not for it."""

    def close(self) -> None:
        """Let go."""


def count_of(frames: Sequence[bytes]) -> int:
    """The kernel's own number of an iopub message; 0 where it gives none."""
    for at in (1, 0, 2):
        if at < len(frames) and frames[at].startswith(COUNT_MARK):
            digits = frames[at][len(COUNT_MARK) :]
            return int(digits) if digits.isdigit() and len(digits) < 19 else 0
    return 0


def _has_more(socket: zmq.Socket[bytes]) -> bool:
    """Whether a message can be read now; asking for it and being refused costs three times as much."""
    return bool(socket.getsockopt(zmq.EVENTS) & READABLE)  # type: ignore[operator]


def _received(socket: zmq.Socket[bytes]) -> list[bytes]:
    """The next message, which is there. A frame knows whether another follows, so the socket need not be asked."""
    frame = socket.recv(zmq.NOBLOCK, copy=False)
    frames = [frame.bytes]
    while frame.more:
        frame = socket.recv(zmq.NOBLOCK, copy=False)
        frames.append(frame.bytes)
    return frames


class KernelSockets:
    """iopub, shell, stdin and control of one kernel. Event loop only.

    shell, stdin and control carry one identity, or ``input_request`` would not arrive; it is kept in the registry, so
    that replies to a dead sidecar's requests reach its successor.

    Args:
        urls: address of each channel.
        curve: CurveZMQ keys of the connection file, or nothing.
        on_message: called with channel and frames, in order.
        on_drained: called after each burst.
        pause_s: for how long what comes by iopub has to wait, asked before each burst.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        *,
        urls: dict[str, str],
        identity: bytes,
        curve: dict[str, bytes],
        on_message: OnMessage,
        on_drained: Callable[[], None],
        pause_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._context, self._urls, self._identity, self._curve = context, urls, identity, curve
        self._on_message, self._on_drained, self._pause_s = on_message, on_drained, pause_s
        self._pause: asyncio.TimerHandle | None = None
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._open("iopub", zmq.SUB)
        self._open_requests()

    def send(self, channel: str, frames: Sequence[bytes]) -> None:
        """Send one message; it waits in the socket until the kernel takes it."""
        socket = self._sockets[channel]
        socket.send_multipart(frames, zmq.NOBLOCK)
        if _has_more(socket):  # sending may have eaten the FD's edge
            self._loop.call_soon(self._drain, channel, socket)

    def ask_to_hold(self) -> None:
        """Ask the kernel to keep what it says from now on. It tells, under HOLD_TOPIC, when we have heard the rest."""
        self._sockets["iopub"].setsockopt(zmq.SUBSCRIBE, HOLD_TOPIC)
        self._loop.call_soon(self._drain, "iopub", self._sockets["iopub"])

    def reopen_requests(self) -> None:
        """New request sockets for a new process: what the old one never read must not run in it."""
        for channel in REQUEST_CHANNELS:
            self._close(channel)
        self._open_requests()

    def close(self) -> None:
        """Close all of them."""
        for channel in list(self._sockets):
            self._close(channel)

    def _open_requests(self) -> None:
        for channel in REQUEST_CHANNELS:
            self._open(channel, zmq.DEALER)

    def _open(self, channel: str, kind: int) -> None:
        socket = self._context.socket(kind)
        socket.linger = LINGER_MS
        socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MS)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, LONGEST_RECONNECT_MS)
        socket.setsockopt(zmq.RCVHWM, 0)
        socket.setsockopt(zmq.SNDHWM, 0)
        if self._curve:
            socket.curve_serverkey = self._curve["publickey"]
            socket.curve_publickey = self._curve["publickey"]
            socket.curve_secretkey = self._curve["secretkey"]
        if kind == zmq.SUB:
            socket.setsockopt(zmq.SUBSCRIBE, b"")
        else:
            socket.setsockopt(zmq.IDENTITY, self._identity)
        socket.connect(self._urls[channel])
        self._sockets[channel] = socket
        self._loop.add_reader(socket.FD, self._drain, channel, socket)
        self._loop.call_soon(self._drain, channel, socket)

    def _close(self, channel: str) -> None:
        socket = self._sockets.pop(channel)
        self._loop.remove_reader(socket.FD)
        socket.close()

    def _drain(self, channel: str, socket: zmq.Socket[bytes]) -> None:
        """Read until EAGAIN: the FD is edge-triggered and tells of new messages only once."""
        if self._sockets.get(channel) is not socket:
            return  # closed since this was scheduled
        if channel == "iopub" and self._is_paused(socket):
            return
        try:
            frames = _received(socket)
        except zmq.Again:
            return
        left_messages, left_bytes = DRAIN_MESSAGES, DRAIN_BYTES
        while True:
            self._on_message(channel, frames)
            left_messages -= 1
            left_bytes -= sum(map(len, frames))
            if not _has_more(socket):
                break
            if left_messages <= 0 or left_bytes < 0:
                self._loop.call_soon(self._drain, channel, socket)
                break
            frames = _received(socket)
        self._on_drained()

    def _is_paused(self, socket: zmq.Socket[bytes]) -> bool:
        """Whether iopub has to wait; it is drained once that is over."""
        if self._pause is not None and self._pause.when() > self._loop.time():
            return True
        pause_s = self._pause_s()
        self._pause = self._loop.call_later(pause_s, self._drain, "iopub", socket) if pause_s > 0 else None
        return pause_s > 0
