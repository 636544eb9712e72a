"""A bridge without processes, for tests of the HTTP side: kernels are entries in a dict and answer at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from flasknb.errors import (
    KernelIdTaken,
    KernelMissing,
    KernelSpecMissing,
    SessionFailed,
    SessionMissing,
)
from flasknb.kernel_bridge.bridge import ChannelStream, WebsocketTerms
from flasknb.kernel_bridge.models import (
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
from flasknb.testing.executions import FakeExecutions
from flasknb.testing.models import PYTHON_SPEC, WHEN
from flasknb.testing.streams import FakeFeed, FakeStream
from flasknb.testing.terminals import FakeTerminals


class FakeBridge:
    """Implements ``Bridge``. ``requests`` holds every ``KernelRequest`` that came; one thread."""

    def __init__(self, resource_dir: str = "/nonexistent", resources: Sequence[str] = ()) -> None:
        self.kernels: dict[str, KernelModel] = {}
        self.sessions: dict[str, SessionModel] = {}
        self.requests: list[KernelRequest] = []
        self.events_published: list[RaisedEvent] = []
        self.terminals = FakeTerminals()
        self.executions = FakeExecutions(self.get_kernel)
        self.is_shut_down = False
        self.viewer: Callable[[], str | None] = lambda: None
        spec = KernelSpecModel("python3", dict(PYTHON_SPEC), resource_dir, resources)
        self.specs = KernelSpecs(default="python3", specs={"python3": spec})

    def list_kernels(self) -> Sequence[KernelModel]:
        """Every kernel."""
        return list(self.kernels.values())

    def start_kernel(self, request: KernelRequest) -> KernelModel:
        """An idle kernel. Raises KernelSpecMissing, KernelIdTaken."""
        name = request.name or self.specs.default
        if name not in self.specs.specs:
            raise KernelSpecMissing(f"No such kernel named {name}")
        kernel_id = request.kernel_id or str(uuid.uuid4())
        if kernel_id in self.kernels:
            raise KernelIdTaken(f"Kernel already exists: {kernel_id}")
        self.requests.append(request)
        self.kernels[kernel_id] = KernelModel(kernel_id, name, WHEN, "idle", 0)
        return self.kernels[kernel_id]

    def get_kernel(self, kernel_id: str) -> KernelModel:
        """Raises KernelMissing."""
        try:
            return self.kernels[kernel_id]
        except KeyError:
            raise KernelMissing(f"Kernel does not exist: {kernel_id}") from None

    def shutdown_kernel(self, kernel_id: str) -> None:
        """Raises KernelMissing."""
        del self.kernels[self.get_kernel(kernel_id).id]

    def interrupt_kernel(self, kernel_id: str) -> None:
        """Raises KernelMissing."""
        self.get_kernel(kernel_id)

    def restart_kernel(self, kernel_id: str) -> KernelModel:
        """Raises KernelMissing."""
        return self.get_kernel(kernel_id)

    def list_sessions(self) -> Sequence[SessionModel]:
        """Sessions whose kernel is there."""
        return [session for session in self.sessions.values() if session.kernel.id in self.kernels]

    def create_session(self, request: SessionRequest) -> SessionModel:
        """The session of that path, or a new one. Raises SessionFailed."""
        known = next((one for one in self.list_sessions() if one.path == request.path), None)
        if known is not None:
            return known
        kernel = self.kernels.get(request.kernel_id or "") or self._start_for_session(request.kernel)
        session = SessionModel(str(uuid.uuid4()), request.path, request.name, request.type, kernel)
        self.sessions[session.id] = session
        return session

    def get_session(self, session_id: str) -> SessionModel:
        """Raises SessionMissing."""
        try:
            return self.sessions[session_id]
        except KeyError:
            raise SessionMissing(f"Session not found: session_id={session_id!r}") from None

    def update_session(self, session_id: str, change: SessionChange) -> SessionModel:
        """Raises SessionMissing, KernelMissing, SessionFailed."""
        session = self.get_session(session_id)
        fields = {name: value for name in ("path", "name", "type") if (value := getattr(change, name)) is not None}
        if change.kernel_id is not None:
            fields["kernel"] = self.get_kernel(change.kernel_id)
        elif change.kernel is not None:
            fields["kernel"] = self._start_for_session(change.kernel)
        self.sessions[session_id] = replace(session, **fields)
        return self.sessions[session_id]

    def delete_session(self, session_id: str) -> None:
        """Raises SessionMissing."""
        session = self.get_session(session_id)
        del self.sessions[session_id]
        self.kernels.pop(session.kernel.id, None)

    def kernel_specs(self) -> KernelSpecs:
        """One Python kernel."""
        return self.specs

    def kernel_spec(self, name: str) -> KernelSpecModel:
        """Raises KernelSpecMissing."""
        if name not in self.specs.specs:
            raise KernelSpecMissing(f"Kernel spec {name} not found")
        return self.specs.specs[name]

    def status(self) -> SidecarStatus:
        """Figures of an idle sidecar."""
        return SidecarStatus(connections=0, kernels=len(self.kernels), last_activity=WHEN, started=WHEN)

    def shown_status(self) -> SidecarStatus:
        """The same: nothing has to be asked for here."""
        return self.status()

    def status_of_none(self) -> None:
        """It is there from the start."""

    def expect_use(self, *, at_once: bool = False) -> None:
        """It is there."""

    def open_channels(
        self,
        kernel_id: str,
        session_id: str,
        *,
        since: int | None = None,
        epoch: str | None = None,
        takes_notes: bool = False,
    ) -> ChannelStream:
        """A stream that ends at once. Raises KernelMissing."""
        self.get_kernel(kernel_id)
        return FakeStream()

    def pass_websocket(self, descriptor: int, terms: WebsocketTerms) -> None:
        """Nobody here carries websockets."""

    def changes(self) -> FakeFeed:
        """Nothing ever happens."""
        return FakeFeed()

    def events(self) -> FakeFeed:
        """Nothing is ever raised."""
        return FakeFeed()

    def away(self) -> FakeFeed:
        """No news."""
        return FakeFeed()

    def publish_event(self, event: RaisedEvent) -> None:
        """Keep the event."""
        self.events_published.append(event)

    def attach(self) -> bool:
        """There is always one."""
        return True

    def shutdown_sidecar(self) -> None:
        """Forget every kernel."""
        self.kernels.clear()
        self.is_shut_down = True

    def close(self) -> None:
        """Nothing to let go of."""

    def _start_for_session(self, request: KernelRequest) -> KernelModel:
        try:
            return self.start_kernel(request)
        except KernelSpecMissing as error:
            raise SessionFailed(error.message, fields={"short_message": f"{request.name} not found"}) from error
