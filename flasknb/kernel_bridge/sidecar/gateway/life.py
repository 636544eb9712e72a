"""One kernel behind the gateway from its start to its end; looks like a ``Lifeline``."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flasknb.errors import FlasknbError, GatewayRefused, GatewayUnavailable, KernelFailed, KernelMissing
from flasknb.kernel_bridge.lifecycle import Event, State
from flasknb.kernel_bridge.models import Change, ChangeKind
from flasknb.kernel_bridge.sidecar.awaited_answer import AwaitedAnswer
from flasknb.kernel_bridge.sidecar.gateway.channels import Backoff, GatewayChannels, Listener
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry
from flasknb.kernel_bridge.sidecar.shared_restart import SharedRestart

log = logging.getLogger(__name__)

MAX_ID_CHARS = 100
GONE = "The gateway has ended this kernel, or was started anew. Restart it to get a fresh one."


@dataclass(frozen=True)
class Post:
    """How a gateway's kernels are reached and remembered; shared by all of them.

    Args:
        launch_timeout_s: time for a launch over there, and then again for the first answer.
    """

    rest: GatewayRest
    registry: Registry
    context: KernelContext
    protocol: str
    backoff: Backoff
    launch_timeout_s: float

    async def launch(self, name: str, env: Mapping[str, str]) -> str:
        """Have a kernel started; its id over there. Raises as ``GatewayRest.json``, and GatewayRefused."""
        body = {"name": name, "env": dict(env)}
        answer = await self.rest.json("POST", self.rest.options.kernels_endpoint, body, timeout_s=self.launch_timeout_s)
        remote_id = answer.get("id") if isinstance(answer, dict) else None
        if not (isinstance(remote_id, str) and 0 < len(remote_id) <= MAX_ID_CHARS and remote_id.isprintable()):
            raise GatewayRefused(f"The gateway {self.rest.address} did not say which kernel it started")
        return remote_id

    async def tell(self, method: str, remote_id: str, what: str = "", *, timeout_s: float | None = None) -> Any:
        """Ask about, or for, one kernel. Raises KernelMissing where it is gone, and as ``GatewayRest.json``."""
        path = f"{self.rest.options.kernels_endpoint}/{quote(remote_id, safe='')}{what}"
        return await self.rest.json(method, path, {} if method == "POST" else None, timeout_s=timeout_s)


class GatewayLife:
    """What can be done to one kernel of the gateway. Event loop only; changes are one at a time.

    Args:
        env: what the kernel was given, for a fresh one in its place.
        remote_id: its id over there.
        session: id of our websocket's session, by which the gateway keeps what came while we were away.
    """

    def __init__(
        self, kernel: Kernel, post: Post, env: Mapping[str, str], *, remote_id: str, session: str | None = None
    ) -> None:
        self.kernel, self._post, self._env = kernel, post, env
        self._remote_id, self._session = remote_id, session or uuid.uuid4().hex
        self._channels: GatewayChannels | None = None
        self._lock = asyncio.Lock()
        self._restarts = SharedRestart(kernel, self._restart)
        self._awaited = AwaitedAnswer(kernel)
        self._was_busy = False
        self._is_lost = False  # it is no longer over there

    async def start(self) -> None:
        """Wait for the first answer of a kernel that was launched. Raises KernelFailed, and ends it then."""
        self._connect()
        self._record()
        try:
            await self._first_answer()
        except BaseException:
            self.let_go()
            self._post.registry.forget(self.kernel.id)
            await self._end_quietly()
            raise

    def adopt(self) -> None:
        """Go on with a kernel that another sidecar had. Whether it still runs shows when the gateway answers."""
        self.kernel.happen(Event.READY)
        self.kernel.happen(Event.BUSY)  # until it answers
        self._connect()
        self._awaited.begin()

    async def restart(self) -> None:
        """A new process over there, or, where the gateway has lost the kernel, a fresh one in its place.

        Raises:
            KernelFailed, GatewayUnavailable.
        """
        await self._restarts.ask()

    async def _restart(self) -> None:
        async with self._lock:
            self._awaited.stop()
            self.kernel.happen(Event.RESTART)
            self.kernel.reason = None
            self.kernel.new_process()
            try:
                if not await self._is_restarted():
                    self._remote_id = await self._post.launch(self.kernel.name, self._env)
                    self._is_lost = False
                    self._connect()
                    self._record()
                await self._first_answer()
            except GatewayUnavailable:
                self._awaited.begin()  # it may still run as it was
                raise
            except FlasknbError as error:
                self._die(error.message)
                raise

    async def interrupt(self) -> None:
        """Interrupt what runs. Raises GatewayUnavailable."""
        try:
            await self._post.tell("POST", self._remote_id, "/interrupt")
        except KernelMissing:
            self._lose()

    async def stop(self) -> None:
        """End the kernel over there. Raises GatewayUnavailable where that cannot be done, and keeps it then."""
        async with self._lock:
            if not self._is_lost:
                try:
                    await self._post.tell("DELETE", self._remote_id)
                except KernelMissing:
                    pass  # what was wanted
                except FlasknbError:
                    if self.kernel.state is not State.DEAD:
                        raise
            self.let_go()
            self._post.registry.forget(self.kernel.id)

    def let_go(self) -> None:
        """Leave it running for the next sidecar."""
        self._awaited.stop()
        self.kernel.line.close()

    def trim_log(self) -> None:
        """Its log is over there."""

    def wake(self) -> None:
        """Somebody looks at the kernel: try to reach it, where that was given up."""
        if self._channels is not None:
            self._channels.wake()

    # What the channels tell

    def _on_cut(self, reason: str) -> None:
        self._was_busy = self.kernel.turns.queue.running is not None
        if self.kernel.state is not State.DEAD:
            self.kernel.reason = f"No connection to the gateway: {reason}"

    def _on_back(self, away_s: float) -> None:
        log.warning("gateway connection back kernel_id=%s away_s=%.1f", self.kernel.id, away_s)
        self.kernel.reason = None
        running = self.kernel.turns.queue.running
        if self._was_busy and running is not None:
            text = f"[The gateway could not be reached for {away_s:.0f} s; output of that time may be missing.]\n"
            self.kernel.voice.say("iopub", "stream", {"name": "stderr", "text": text}, running.ask.payload.header)
        self.kernel.line.ask("shell", "kernel_info_request")  # its answer ends what was answered while we were away

    def _on_state(self, state: str) -> None:
        """The gateway's server has something to say about the kernel's process."""
        if self._lock.locked():
            return  # we asked for it
        self._awaited.stop()
        if state == "dead":
            self._die("The kernel died behind the gateway, and could not be restarted there.")
            return
        self.kernel.happen(Event.EXITED)
        self.kernel.new_process()
        self._tell(ChangeKind.KERNEL_DIED, "restarted by the gateway")
        self._awaited.begin()

    def _lose(self) -> None:
        self._is_lost = True
        self._die(GONE)
        self.kernel.line.close()

    def _die(self, reason: str) -> None:
        log.error("kernel is dead kernel_id=%s reason=%s", self.kernel.id, reason)
        self.kernel.lose_executions(reason, died=True)
        self.kernel.reason = reason
        self.kernel.happen(Event.GAVE_UP)
        self.kernel.voice.publish_status("dead", reason=reason)
        self._tell(ChangeKind.KERNEL_DEAD, reason)

    # Connection

    def _connect(self) -> None:
        path = f"{self._post.rest.options.kernels_endpoint}/{quote(self._remote_id, safe='')}/channels"

        def make(on_message: Any, on_drained: Any) -> GatewayChannels:
            self._channels = GatewayChannels(
                self._post.rest,
                f"{path}?session_id={self._session}",
                protocol=self._post.protocol,
                backoff=self._post.backoff,
                listener=Listener(on_message, on_drained, self._on_cut, self._on_back, self._on_state, self._lose),
                exists=lambda: self._post.tell("GET", self._remote_id),
            )
            return self._channels

        self.kernel.line.open_by(make)

    async def _is_restarted(self) -> bool:
        if self._is_lost:
            return False
        try:
            await self._post.tell("POST", self._remote_id, "/restart", timeout_s=self._post.launch_timeout_s)
        except KernelMissing:
            return False
        self.wake()
        return True

    async def _first_answer(self) -> None:
        try:
            await asyncio.wait_for(self.kernel.answer(), self._post.launch_timeout_s)
        except asyncio.TimeoutError:
            why = f" {self.kernel.reason}" if self.kernel.reason else ""
            raise KernelFailed(
                f"The kernel behind the gateway did not answer within {self._post.launch_timeout_s:.0f} s.{why}"
            ) from None

    def _record(self) -> None:
        elsewhere = {"gateway": self._post.rest.options.url, "id": self._remote_id, "session": self._session}
        self._post.registry.write(
            KernelRecord(
                id=self.kernel.id,
                name=self.kernel.name,
                identity=self.kernel.identity.hex(),
                env=self._env,
                owner=self.kernel.owner,
                elsewhere=elsewhere,
            )
        )

    async def _end_quietly(self) -> None:
        try:
            await self._post.tell("DELETE", self._remote_id)
        except FlasknbError as error:
            log.warning("kernel left behind the gateway remote_id=%s error=%s", self._remote_id, error.message)

    def _tell(self, kind: ChangeKind, reason: str | None = None) -> None:
        self._post.context.changes.publish(Change(kind, self.kernel.id, reason=reason))
