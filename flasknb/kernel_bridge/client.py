"""The worker's end of the bridge: calls to the sidecar, streams of kernel messages. No zmq, no jupyter_client here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge import crossing
from flasknb.kernel_bridge.ahead import BeforeTheFirst
from flasknb.kernel_bridge.bridge import WebsocketTerms
from flasknb.kernel_bridge.calling import SidecarCaller
from flasknb.kernel_bridge.execution_client import SidecarExecutions
from flasknb.kernel_bridge.feed import SidecarFeed
from flasknb.kernel_bridge.handshake import (
    ROLE_CHANNELS,
    ROLE_TERMINAL,
    ROLE_WEBSOCKETS,
    TOPIC_AWAY,
    TOPIC_CHANGES,
    TOPIC_EVENTS,
)
from flasknb.kernel_bridge.models import (
    Change,
    KernelModel,
    KernelRequest,
    KernelSpecModel,
    KernelSpecs,
    RaisedEvent,
    SessionChange,
    SessionModel,
    SessionRequest,
    SidecarStatus,
)
from flasknb.kernel_bridge.passing import PassedWebsocket, Passing
from flasknb.kernel_bridge.replacement import Replacement
from flasknb.kernel_bridge.stream import SidecarStream
from flasknb.kernel_bridge.terminal_client import SidecarTerminals

STOP_TIMEOUT_S = 40.0
START_TIMEOUT_S = 100.0  # above the default kernel_info_timeout of 60 s


class BridgeClient(SidecarCaller):
    """``Bridge`` over the sidecar of one instance. Any thread or greenlet; also after a fork. Making one costs nothing.

    Args:
        instance_dir: private folder of the instance; ``None`` derives it from ``root_dir``.
        root_dir: the folder that the notebooks are in.
        config: traitlets configuration, ``{class: {option: value}}``, for the sidecar that this client may start.
    """

    def __init__(self, instance_dir: Path | None, root_dir: Path, config: Mapping[str, Any]) -> None:
        super().__init__(instance_dir, root_dir, config)
        self._passing = Passing(lambda: self._join(ROLE_WEBSOCKETS, {}, "line of websockets")[0])
        self._before = BeforeTheFirst(lambda: self.instance_dir, config, self._meet)

    def list_kernels(self) -> Sequence[KernelModel]:
        """Every kernel."""
        return [crossing.kernel_of(kernel) for kernel in self._call("list_kernels")]

    def start_kernel(self, request: KernelRequest) -> KernelModel:
        """Start a kernel and wait until it answers."""
        json = self._call("start_kernel", {"request": crossing.to_json(request)}, timeout_s=START_TIMEOUT_S)
        return crossing.kernel_of(json)

    def get_kernel(self, kernel_id: str) -> KernelModel:
        """One kernel."""
        return crossing.kernel_of(self._call("get_kernel", {"kernel_id": kernel_id}))

    def shutdown_kernel(self, kernel_id: str) -> None:
        """End a kernel, its children and its files."""
        self._call("shutdown_kernel", {"kernel_id": kernel_id}, timeout_s=STOP_TIMEOUT_S)

    def interrupt_kernel(self, kernel_id: str) -> None:
        """Interrupt what runs; returns whether or not the kernel heeds it."""
        self._call("interrupt_kernel", {"kernel_id": kernel_id})

    def restart_kernel(self, kernel_id: str) -> KernelModel:
        """A new process behind the same id, and wait until it answers."""
        json = self._call("restart_kernel", {"kernel_id": kernel_id}, timeout_s=START_TIMEOUT_S + STOP_TIMEOUT_S)
        return crossing.kernel_of(json)

    def list_sessions(self) -> Sequence[SessionModel]:
        """Every session whose kernel lives."""
        return [crossing.session_of(session) for session in self._call("list_sessions")]

    def create_session(self, request: SessionRequest) -> SessionModel:
        """The session of a path; a new one starts its kernel."""
        json = self._call("create_session", {"request": crossing.to_json(request)}, timeout_s=START_TIMEOUT_S)
        return crossing.session_of(json)

    def get_session(self, session_id: str) -> SessionModel:
        """One session."""
        return crossing.session_of(self._call("get_session", {"session_id": session_id}))

    def update_session(self, session_id: str, change: SessionChange) -> SessionModel:
        """Rename a session or give it another kernel. Raises BadRequest for a kernel id that does not exist."""
        params = {"session_id": session_id, "change": crossing.to_json(change)}
        return crossing.session_of(self._call("update_session", params, timeout_s=START_TIMEOUT_S + STOP_TIMEOUT_S))

    def delete_session(self, session_id: str) -> None:
        """End a session and its kernel."""
        self._call("delete_session", {"session_id": session_id}, timeout_s=STOP_TIMEOUT_S)

    def kernel_specs(self) -> KernelSpecs:
        """Every usable specification, read anew."""
        return crossing.specs_of(self._call("kernel_specs"))

    def kernel_spec(self, name: str) -> KernelSpecModel:
        """One of them."""
        return crossing.spec_of(self._call("kernel_spec", {"name": name}))

    def status(self) -> SidecarStatus:
        """Figures; starts the sidecar when there is none."""
        if (shown := self.shown_status()) is not None:
            return shown
        return crossing.status_of(self._call("status"))

    def status_of_none(self) -> SidecarStatus | None:
        """The figures while nothing can run yet; ``None``: ask ``status``. Starts nothing."""
        return self._before.status()

    def expect_use(self, *, at_once: bool = False) -> None:
        """Have a sidecar soon, without waiting for it."""
        self._before.expect_use(at_once=at_once)

    def open_channels(
        self,
        kernel_id: str,
        session_id: str,
        *,
        since: int | None = None,
        epoch: str | None = None,
        takes_notes: bool = False,
    ) -> SidecarStream:
        """Join a kernel's channels; with ``since`` everything after that number of ``epoch`` comes first."""
        fields = {"kernel_id": kernel_id, "session_id": session_id, "since": since, "epoch": epoch}
        fields |= {"takes_notes": takes_notes}
        return SidecarStream(*self._join(ROLE_CHANNELS, fields, "kernel"))

    def pass_websocket(self, descriptor: int, terms: WebsocketTerms) -> PassedWebsocket | None:
        """Have the sidecar carry a page's websocket, unless it is on another machine, or not to."""
        if self._is_elsewhere or not self._options.carries_websockets:
            return None
        return self._passing.pass_on(descriptor, {**asdict(terms), "viewer": self.viewer()})

    def close(self) -> None:
        """Let go of this worker's connections; kernels stay."""
        self._passing.close()
        super().close()

    @property
    def executions(self) -> SidecarExecutions:
        """What runs in kernels and waits for them."""
        return SidecarExecutions(self._call)

    @property
    def terminals(self) -> SidecarTerminals:
        """The terminals of the sidecar."""
        return SidecarTerminals(self._call, lambda name: self._join(ROLE_TERMINAL, {"terminal": name}, "terminal")[0])

    def changes(self) -> SidecarFeed[Change]:
        """What happens to kernels and sessions; a connection of its own."""
        return SidecarFeed(self._find_sidecar, TOPIC_CHANGES, crossing.change_of)

    def events(self) -> SidecarFeed[RaisedEvent]:
        """Events of the sidecar and of all workers; a connection of its own."""
        return SidecarFeed(self._find_sidecar, TOPIC_EVENTS, crossing.raised_event_of)

    def away(self) -> SidecarFeed[str]:
        """Kernels that have outputs which no page has seen; a connection of its own. Replaces a killed sidecar."""
        replace = Replacement(lambda: self.instance_dir, lambda: self._call("status"))
        on_loss = (lambda: None) if self._is_elsewhere else replace
        return SidecarFeed(self._find_sidecar, TOPIC_AWAY, lambda told: str(told["kernel_id"]), on_loss)

    def publish_event(self, event: RaisedEvent) -> None:
        """Pass an event of this worker to all that listen."""
        self._call("publish_event", {"event": crossing.to_json(event)})

    def shutdown_sidecar(self) -> None:
        """End all kernels and the sidecar; nothing happens when none runs, or when it is another machine's."""
        self._before.end()
        if not self._is_elsewhere and self.attach():
            try:
                self._call("shutdown", timeout_s=STOP_TIMEOUT_S)
            except SidecarUnavailable:
                if self.attach():  # else another one ended it meanwhile
                    raise
        self.close()
