"""The sockets to one kernel on this machine, without libzmq: no thread beside ours, a tenth of the system calls.

For kernels that queue what they say themselves (``launch_ipykernel``). Others drop what nobody takes at once, and
libzmq's thread takes it also while the event loop is busy: they get ``sockets.KernelSockets``.

Most of what a message costs is waking up for it. So what an execution publishes is read with its reply, and the reply
with the *idle* after it, where all of that comes within REST_S.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable, Mapping, Sequence

from flasknb.kernel_bridge import zmtp
from flasknb.kernel_bridge.sidecar.direct_channel import DirectChannel, Messages
from flasknb.kernel_bridge.sidecar.sockets import HOLD_TOPIC, REQUEST_CHANNELS, OnMessage

IPC = "ipc://"
IS_POSSIBLE = hasattr(select, "epoll")
SHORTEST_RETRY_S, LONGEST_RETRY_S = 0.002, 1.0  # the kernel binds after we connect
RETRY_SHARE = 0.02  # of the time for which it has not been there; more would be felt at each start
REST_S = 0.02
IDLE_S = 0.001  # between a reply and *idle*, as a rule a fraction of it
IDLE_MARK = b'"idle"'

_resting: set[DirectSockets] = set()
"""Of all kernels, those that run something short."""


class DirectSockets:
    """iopub, shell, stdin and control of one kernel. Event loop only.

    Args:
        paths: of the unix socket of each channel.
        identity: of shell, stdin and control together, see ``KernelSockets``.
        on_message: called with channel and frames, in order.
        on_drained: called after each burst.
        pause_s: for how long what comes by iopub has to wait, asked before each burst. It waits with the kernel.
    """

    def __init__(
        self,
        *,
        paths: Mapping[str, str],
        identity: bytes,
        on_message: OnMessage,
        on_drained: Callable[[], None],
        pause_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._paths, self._identity = paths, identity
        self._on_message, self._on_drained, self._pause_s = on_message, on_drained, pause_s
        self._poller = select.epoll()
        self._loop.add_reader(self._poller.fileno(), self._look)
        self._channels: dict[str, DirectChannel] = {}
        self._pause: asyncio.TimerHandle | None = None
        self._is_leaving = False
        self._rest: asyncio.TimerHandle | None = None
        self._is_last = True
        self._heard_early: Messages | None = None
        self._trying: asyncio.Handle | None = None
        self._away_since_s = self._loop.time()
        self._iopub = self._open("iopub", zmtp.ready("SUB"))
        self._iopub.first = zmtp.packed([zmtp.SUBSCRIBE])
        self._open_requests()

    def send(self, channel: str, frames: Sequence[bytes]) -> None:
        """Send one message; it waits until the kernel takes it."""
        self._channels[channel].send(zmtp.packed(frames))

    def expect_reply(self, *, is_last: bool = True) -> None:
        """An execution was sent: there is no hurry until it is done, or REST_S is over.

        Args:
            is_last: nothing waits behind it. Else its *idle* is read with what the next one says.
        """
        if self._rest is None and self._iopub.is_open and self._pause is None:
            self._is_last = is_last
            self._iopub.listen(False)
            _resting.add(self)
            self._rest = self._loop.call_later(REST_S, self._wake)

    def ask_to_hold(self) -> None:
        """Ask the kernel to keep what it says from now on. It tells, under HOLD_TOPIC, when we have heard the rest."""
        self._is_leaving = True
        self._iopub.send(zmtp.packed([zmtp.SUBSCRIBE + HOLD_TOPIC]))
        self._iopub.listen(True)
        self._wake()

    def reopen_requests(self) -> None:
        """New connections for a new process: what the old one never read must not run in it."""
        self._wake()
        for name in REQUEST_CHANNELS:
            self._channels.pop(name).close()
        self._open_requests()

    def close(self) -> None:
        """Close all of them."""
        for timer in (self._pause, self._rest, self._trying):
            if timer is not None:
                timer.cancel()
        self._rest = None
        _resting.discard(self)
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
        self._loop.remove_reader(self._poller.fileno())
        self._poller.close()

    # Connecting

    def _open_requests(self) -> None:
        for name in REQUEST_CHANNELS:
            self._open(name, zmtp.ready("DEALER", self._identity))

    def _open(self, name: str, ready: bytes) -> DirectChannel:
        channel = self._channels[name] = DirectChannel(name, self._paths[name], ready, self._poller, self._on_away)
        self._on_away(channel)
        return channel

    def _on_away(self, channel: DirectChannel) -> None:
        if self._channels.get(channel.name) is channel:
            self._away_since_s = self._loop.time()
            if self._trying is not None:
                self._trying.cancel()
            self._trying = self._loop.call_soon(self._try)

    def _try(self) -> None:
        """Connect what is not connected, and again after a while."""
        self._trying = None
        away = [channel for channel in self._channels.values() if channel.number < 0]
        for channel in away:
            channel.connect()
        if self._trying is None and any(channel.number < 0 for channel in away):
            away_s = self._loop.time() - self._away_since_s
            retry_s = min(max(SHORTEST_RETRY_S, RETRY_SHARE * away_s), LONGEST_RETRY_S)
            self._trying = self._loop.call_later(retry_s, self._try)

    # Reading

    def _look(self) -> None:
        """Something can be read, or written."""
        events = self._poller.poll(0)
        if self._rest is not None and self._is_still_resting(events):
            return
        has_heard = False
        for number, event in events:
            for channel in self._channels.values():
                if channel.number == number:
                    if event & select.EPOLLOUT:
                        channel.write_more()
                    if event & ~select.EPOLLOUT and self._read(channel):
                        has_heard = True
                    break
        if has_heard:
            self._on_drained()

    def _read(self, channel: DirectChannel) -> bool:
        """Pass on what has come, unless it has to wait. Whether anything was passed on."""
        if channel is self._iopub and self._is_paused():
            return False
        messages = channel.receive()
        for frames in messages:
            self._on_message(channel.name, frames)
        return bool(messages)

    # Resting

    def _is_still_resting(self, events: Sequence[tuple[int, int]]) -> bool:
        """Whether only the reply has come, and *idle* is to be waited for."""
        shell = self._channels["shell"]
        if self._heard_early is None and len(events) == 1 and events[0] == (shell.number, select.EPOLLIN):
            self._heard_early = self._iopub.receive()
            if self._is_last and not any(IDLE_MARK in frames[-1] for frames in self._heard_early):
                shell.listen(False)
                self._iopub.listen(True)
                # to wait here takes half as long as to come back by way of the loop; others must not wait for it
                if len(_resting) > 1 or not self._poller.poll(IDLE_S):
                    return True
        self._wake()
        return True

    def _wake(self) -> None:
        """Read what has come: what was published before the reply, then the reply, then the rest."""
        if self._rest is None:
            return
        self._rest.cancel()
        self._rest = None
        _resting.discard(self)
        early, self._heard_early = self._heard_early, None
        shell = self._channels["shell"]
        shell.listen(True)
        self._iopub.listen(True)
        for frames in early or ():
            self._on_message("iopub", frames)
        has_heard = self._read(shell)
        has_heard = self._read(self._iopub) or has_heard
        if early or has_heard:
            self._on_drained()

    # Waiting

    def _is_paused(self) -> bool:
        """Whether iopub has to wait; nothing of it is read until that is over. Before we go, all is heard."""
        if self._is_leaving:
            return False
        pause_s = self._pause_s() if self._pause is None else 0.0
        if pause_s > 0:
            self._pause = self._loop.call_later(pause_s, self._resume)
        if self._pause is not None:
            self._iopub.listen(False)
        return self._pause is not None

    def _resume(self) -> None:
        """Read on; before that it is asked anew whether iopub has to wait."""
        self._pause = None
        if not self._is_paused():
            self._iopub.listen(True)
