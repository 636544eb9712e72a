"""The line to one kernel: opened, signed for, asked on. What comes over it is ``kernel_hearing``'s."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import zmq

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.messages import Signer, WireMessage
from flasknb.kernel_bridge.sidecar.direct_sockets import IPC, IS_POSSIBLE, DirectSockets
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager
from flasknb.kernel_bridge.sidecar.sockets import KernelSockets, OnMessage, Wires
from flasknb.kernel_bridge.ws_codec import CHANNELS

HOLD_TIMEOUT_S = 0.5


class KernelLine:
    """Sockets and signature of one kernel. Event loop only.

    Args:
        identity: ZMQ identity of the request sockets.
        on_drained: called after each burst.
    """

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], identity: bytes, on_drained: Callable[[], None]
    ) -> None:
        self._context, self._identity, self._on_drained = context, identity, on_drained
        self.on_message: OnMessage = lambda channel, frames: None
        """Called with channel and frames of all that comes, in order."""
        self.pause_s: Callable[[], float] = lambda: 0.0
        """For how long what comes by iopub has to wait."""
        self.own_session, self.probe_session = uuid.uuid4().hex, uuid.uuid4().hex
        self.signer = Signer(b"")
        self.holds = asyncio.Event()
        """The kernel keeps what it says from now on."""
        self._wires: Wires | None = None
        self._addresses: Mapping[str, Any] = {}

    @property
    def is_open(self) -> bool:
        """Whether the sockets are open."""
        return self._wires is not None

    def leads_to(self, manager: ServerKernelManager) -> bool:
        """Whether the sockets are open, and those of the process that ``manager`` knows of now."""
        return self.is_open and self._addresses == dict(manager.get_connection_info())

    def open(self, manager: ServerKernelManager) -> None:
        """Open the sockets of a connection file that has been written; the kernel need not run yet."""
        connection: Mapping[str, Any] = manager.get_connection_info()
        self._addresses = dict(connection)
        self.signer = Signer(connection["key"], connection["signature_scheme"])
        urls = {channel: manager._make_url(channel) for channel in CHANNELS}
        curve = {
            name: key.encode() if isinstance(key, str) else key
            for name in ("publickey", "secretkey")
            if (key := connection.get(f"curve_{name}"))
        }
        self.close()
        if IS_POSSIBLE and manager.queues_output and not curve and all(url.startswith(IPC) for url in urls.values()):
            self._wires = DirectSockets(
                paths={channel: url.removeprefix(IPC) for channel, url in urls.items()},
                identity=self._identity,
                on_message=self.on_message,
                on_drained=self._on_drained,
                pause_s=self.pause_s,
            )
            return
        self._wires = KernelSockets(
            self._context,
            urls=urls,
            identity=self._identity,
            curve=curve,
            on_message=self.on_message,
            on_drained=self._on_drained,
            pause_s=self.pause_s,
        )

    def open_by(self, make: Callable[[OnMessage, Callable[[], None]], Wires]) -> None:
        """Talk by what ``make`` returns: to a kernel whose messages come unsigned, over somebody else's server."""
        self.signer = Signer(b"")
        self.close()
        self._wires = make(self.on_message, self._on_drained)

    def close(self) -> None:
        """Close the sockets."""
        if self._wires is not None:
            self._wires.close()
            self._wires = None

    def reopen_requests(self) -> None:
        """Another process is going to be there."""
        if self._wires is not None:
            self._wires.reopen_requests()

    def send(self, channel: str, message: WireMessage) -> None:
        """Pass a request on; without sockets it is dropped."""
        if self._wires is not None:
            self._wires.send(channel, self.signer.pack(message))

    def expect_reply(self, *, is_last: bool) -> None:
        """An execution was sent; whether nothing waits behind it."""
        if isinstance(self._wires, DirectSockets):
            self._wires.expect_reply(is_last=is_last)

    def ask(self, channel: str, msg_type: str) -> None:
        """Send a request without content; its answer is nobody's but ours."""
        self.send(channel, messages.build(msg_type, {}, session=self.own_session))

    def probe(self) -> None:
        """Have it publish something now, which tells whether output was lost; nobody hears of that."""
        self.send("control", messages.build("kernel_info_request", {}, session=self.probe_session))

    async def hold_output(self) -> None:
        """Have the kernel keep what it says for the next sidecar, where it can, and hear all it said before."""
        if isinstance(self._wires, KernelSockets | DirectSockets):
            self._wires.ask_to_hold()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.holds.wait(), HOLD_TIMEOUT_S)
