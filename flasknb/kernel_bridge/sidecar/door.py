"""One connection from a worker: who is it, then calls, one kernel's channels, or what happens to kernels."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any, cast

from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.crossing import error_to_json
from flasknb.kernel_bridge.frames import LARGE_BYTES, BadBridgeFrame, Frame, FrameDecoder, Kind, pack_json
from flasknb.kernel_bridge.handshake import (
    BRIDGE_VERSION,
    ROLE_CALLS,
    ROLE_CHANNELS,
    ROLE_EVENTS,
    ROLE_HANDOVER,
    ROLE_TERMINAL,
    ROLE_WEBSOCKETS,
    TOPIC_CHANGES,
    is_proven,
    new_nonce,
    proof,
)
from flasknb.kernel_bridge.sidecar.admission import is_crowded
from flasknb.kernel_bridge.sidecar.house import CROWDED, House, Topic, joined_kernel, viewer_of
from flasknb.kernel_bridge.sidecar.outbox import Outbox
from flasknb.kernel_bridge.sidecar.reception import Reception
from flasknb.kernel_bridge.sidecar.subscriber import Subscriber
from flasknb.kernel_bridge.sidecar.terminal_viewer import Viewer

log = logging.getLogger(__name__)

HELLO_TIMEOUT_S = 10.0
HELLO_BYTES = 64 * 1024
LOST = "the worker has gone"
PEER_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class Door(asyncio.Protocol):
    """The sidecar's end of a worker's connection. Event loop only.

    Args:
        is_local: it comes from this machine, where the system tells whose it is; else TLS has seen its certificate.
    """

    def __init__(self, house: House, *, is_local: bool = True) -> None:
        self._house, self._is_local = house, is_local
        self._decoder = FrameDecoder(max_frame_bytes=HELLO_BYTES)
        self._nonce = new_nonce()
        self._subscriber: Subscriber | Viewer | None = None
        self._reception: Reception | None = None
        self._role = ""
        self._topic: Topic | None = None
        self._told = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse other users, else say hello first."""
        self._transport = cast(asyncio.Transport, transport)
        self._outbox = Outbox(self._transport)
        if self._is_local and not is_ours(transport.get_extra_info("socket")):
            log.warning("connection of another user refused")
            self._transport.abort()
            return
        if is_crowded(transport.get_extra_info("socket").fileno()):
            self._send(Kind.HELLO, {"version": BRIDGE_VERSION, "refused": CROWDED})
            self._outbox.close()
            return
        self._patience = asyncio.get_running_loop().call_later(HELLO_TIMEOUT_S, self._transport.abort)
        self._send(Kind.HELLO, {"version": BRIDGE_VERSION, "nonce": self._nonce})

    def data_received(self, data: bytes) -> None:
        """Frames, or garbage: then this connection goes, others live."""
        try:
            for frame in self._decoder.feed(data):
                self._serve(frame)
        except (BadBridgeFrame, KeyError, TypeError) as error:
            log.warning("connection dropped error=%s", error)
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the kernel or terminal."""
        if hasattr(self, "_patience"):
            self._patience.cancel()
        if self._subscriber is not None:
            self._subscriber.on_close()
        if self._reception is not None:
            self._reception.end(LOST)
        if self._topic is not None:
            self._topic.ring.unlisten(self._tell)
        self._house.attendance.leave(self, now_s=asyncio.get_running_loop().time())

    def eof_received(self) -> None:
        """The worker sends no more. What the other side goes on saying must not keep the connection from ending."""
        if self._subscriber is not None:
            self._subscriber.on_close()

    def pause_writing(self) -> None:
        """The worker reads slowly."""
        self._outbox.pause()

    def resume_writing(self) -> None:
        """The worker reads again."""
        self._outbox.resume()
        if self.is_clogged:
            return
        if self._subscriber is not None:
            self._subscriber.flush()
        elif self._role == ROLE_EVENTS:
            self._tell()

    # Outlet

    @property
    def is_clogged(self) -> bool:
        """Whether the worker reads too slowly for more."""
        return self._outbox.is_clogged

    def write(self, *frames: bytes) -> None:
        """Pass on packed frames; to a connection that closes, nothing."""
        is_large = max(map(len, frames)) >= LARGE_BYTES
        for piece in frames if is_large else (b"".join(frames),):
            self._outbox.write(piece)

    def end(self, reason: str) -> None:
        """Close after what was written."""
        if self._reception is not None:
            self._reception.end(reason)
        self._send(Kind.END, {"reason": reason})
        self._outbox.close()

    def hold_input(self) -> None:
        """Read no more from the worker for now."""
        self._transport.pause_reading()

    def let_input_flow(self) -> None:
        """Read from the worker again."""
        self._transport.resume_reading()

    # Conversation

    def _serve(self, frame: Frame) -> None:
        if self._role == "":
            self._introduce(frame)
        elif self._role == ROLE_CALLS and frame.kind is Kind.CALL:
            self._take_call(frame.json())
        elif self._subscriber is not None and frame.kind is Kind.MESSAGE:
            self._subscriber.on_message(frame.body)
        else:
            raise BadBridgeFrame(f"a {frame.kind.name} frame makes no sense here")

    def _introduce(self, frame: Frame) -> None:
        hello = frame.json() if frame.kind is Kind.HELLO else {}
        nonces = {"sidecar_nonce": self._nonce, "worker_nonce": str(hello.get("nonce"))}
        if not is_proven(self._house.secret, "worker", hello.get("proof"), **nonces):
            raise BadBridgeFrame("a worker does not know the secret")
        self._patience.cancel()
        self._send(Kind.HELLO, {"proof": proof(self._house.secret, "sidecar", **nonces)})
        self._decoder.allow_large_frames()
        self._role = str(hello.get("role"))
        self._house.attendance.enter(self)
        if self._role == ROLE_CHANNELS:
            self._join(hello)
        elif self._role == ROLE_TERMINAL:
            self._look_at_terminal(hello)
        elif self._role == ROLE_EVENTS:
            self._listen(hello)
        elif self._role == ROLE_WEBSOCKETS:
            self._send(Kind.RESULT, {})
            self._reception = Reception(self._house, self._transport, self._send)
        elif self._role == ROLE_HANDOVER:
            log.info("kernels are handed over to version %s", hello.get("version"))
            self._house.hand_over()

    def _join(self, hello: Mapping[str, Any]) -> None:
        try:
            joined, subscriber, kernel = joined_kernel(self._house, hello, self)
        except FlasknbError as error:
            self._send(Kind.ERROR, error_to_json(error))
            self._outbox.close()
            return
        self._subscriber = subscriber
        self._send(Kind.RESULT, joined.told())
        if subscriber.takes_notes:
            subscriber.note(kernel.note)
        subscriber.flush()

    def _look_at_terminal(self, hello: Mapping[str, Any]) -> None:
        try:
            self._house.calls.check({"terminal": hello["terminal"]}, viewer_of(hello))
            terminal = self._house.terminals.get(str(hello["terminal"]))
        except FlasknbError as error:
            self._send(Kind.ERROR, error_to_json(error))
            self._outbox.close()
            return
        self._send(Kind.RESULT, {})
        viewer = self._subscriber = terminal.join(self)
        viewer.greet()

    def _listen(self, hello: Mapping[str, Any]) -> None:
        """Tell of news after ``since``: all of this run to whom knows another, only new ones to whom gives none."""
        self._topic = self._house.topics[str(hello.get("topic", TOPIC_CHANGES))]
        ring, since = self._topic.ring, hello.get("since")
        if not isinstance(since, int):
            self._told = ring.newest
        else:
            self._told = since if hello.get("run") == ring.run else 0
        self._send(Kind.RESULT, {"run": ring.run, "number": self._told})
        ring.listen(self._tell)
        self._tell()

    def _tell(self) -> None:
        topic = self._topic
        if topic is None or self.is_clogged or self._told >= topic.ring.newest:
            return
        missed, kept = topic.ring.after(self._told)
        self._told = topic.ring.newest
        told = [topic.encode(item) for item in kept]
        if missed:
            told.insert(0, topic.tell_missed(missed))
        first = self._told - len(told) + 1
        for number, item in enumerate(told, first):
            self._send(Kind.EVENT, {"number": number, "change": item})

    def _take_call(self, call: Mapping[str, Any]) -> None:
        if self._house.attendance.is_over:
            self._outbox.close()  # not accepted: the worker asks our successor
            return
        number = call["id"]
        self._send(Kind.ACCEPTED, {"id": number})
        task = asyncio.get_running_loop().create_task(self._answer(number, str(call["method"]), call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, number: int, method: str, call: Mapping[str, Any]) -> None:
        try:
            result = await self._house.calls.answer(method, call["params"], viewer_of(call))
        except FlasknbError as error:
            self._send(Kind.ERROR, {"id": number, "error": error_to_json(error)})
        except Exception:
            log.exception("call failed method=%s", method)
            bug = FlasknbError(f"The sidecar failed on {method.replace('_', ' ')}; its log says why.")
            self._send(Kind.ERROR, {"id": number, "error": error_to_json(bug)})
        else:
            self._send(Kind.RESULT, {"id": number, "result": result})

    def _send(self, kind: Kind, body: Mapping[str, Any]) -> None:
        self._outbox.write(pack_json(kind, body))


def is_ours(peer: socket.socket) -> bool:
    """Whether the other end runs as our user; where the system cannot tell, the 0700 folder and the secret must do."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    _, uid, _ = PEER_CREDENTIALS.unpack(peer.getsockopt(socket.SOL_SOCKET, option, PEER_CREDENTIALS.size))
    return bool(uid == os.geteuid())
