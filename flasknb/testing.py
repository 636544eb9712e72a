"""A bridge without processes, for tests of the HTTP side: kernels are entries in a dict and answer at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flasknb.errors import (
    ExecutionBegun,
    ExecutionMissing,
    KernelIdTaken,
    KernelMissing,
    KernelSpecMissing,
    SessionFailed,
    SessionMissing,
    TerminalMissing,
)
from flasknb.kernel_bridge.bridge import ChannelStream, Joined
from flasknb.kernel_bridge.executions import CellsWanted, ExecuteRequest, KnownDocument, OutputsWanted
from flasknb.kernel_bridge.models import (
    JsonObject,
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
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest

WHEN = "2026-01-31T12:00:00.000000Z"
PYTHON_SPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "env": {},
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "interrupt_mode": "signal",
    "metadata": {"debugger": True},
}


class FakeStream:
    """A stream on which nothing ever comes; what was sent is kept in ``sent``."""

    def __init__(self) -> None:
        self.joined = Joined(epoch="fake", sequence=0, missing=None)
        self.sent: list[bytes] = []
        self.is_closed = False
        self.end_reason = ""

    def send(self, frame: bytes) -> None:
        """Keep the frame."""
        self.sent.append(frame)

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The end of the stream."""
        return None

    def receive_batch(self, timeout_s: float | None = None) -> Sequence[bytes] | None:
        """The end of the stream."""
        return None

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def release(self) -> None:
        """The same as ``close``."""
        self.close()


class FakeFeed:
    """A feed of nothing."""

    def __iter__(self) -> Iterator[Any]:
        """No news."""
        return iter(())

    def open(self) -> bool:
        """Nothing to wait for."""
        return True

    def close(self) -> None:
        """Nothing to end."""


@dataclass
class FakeTerminalStream:
    """A stream on which nothing ever comes."""

    sent: list[bytes] = field(default_factory=list)
    end_reason: str = ""

    def send(self, command: bytes) -> None:
        """Keep the command."""
        self.sent.append(command)

    def receive_batch(self, timeout_s: float | None = None) -> Sequence[bytes] | None:
        """The end of the stream."""
        return None

    def close(self) -> None:
        """Nothing to end."""

    def release(self) -> None:
        """Nothing to let go of."""


class FakeTerminals:
    """Implements ``Terminals``: entries in a dict. ``requests`` holds every ``TerminalRequest`` that came."""

    def __init__(self) -> None:
        self.running: dict[str, TerminalModel] = {}
        self.requests: list[TerminalRequest] = []

    def list(self) -> Sequence[TerminalModel]:
        """Every terminal."""
        return [*self.running.values()]

    def create(self, request: TerminalRequest) -> TerminalModel:
        """The terminal of that name, or a new one."""
        self.requests.append(request)
        name = request.name or str(len(self.running) + 1)
        return self.running.setdefault(name, TerminalModel(name, WHEN))

    def get(self, name: str) -> TerminalModel:
        """Raises TerminalMissing."""
        try:
            return self.running[name]
        except KeyError:
            raise TerminalMissing(f"Terminal not found: {name}") from None

    def delete(self, name: str) -> None:
        """Raises TerminalMissing."""
        del self.running[self.get(name).name]

    def open_stream(self, name: str) -> FakeTerminalStream:
        """A stream that ends at once. Raises TerminalMissing."""
        self.get(name)
        return FakeTerminalStream()


class FakeExecutions:
    """Implements ``Executions``: what is asked waits for ever, behind the first, which runs for ever."""

    def __init__(self, get_kernel: Callable[[str], KernelModel]) -> None:
        self._get_kernel = get_kernel
        self.asked: dict[str, list[ExecuteRequest]] = {}
        self.documents: dict[str, KnownDocument] = {}

    def queue(self, kernel_id: str) -> JsonObject:
        """Raises KernelMissing."""
        shown = [self._shown(number, request) for number, request in enumerate(self._of(kernel_id), 1)]
        position = {"epoch": "fake", "seq": 0, "now_ms": 1}
        return {**position, "running": shown[0] if shown else None, "waiting": shown[1:], "finished": []}

    def remove(self, kernel_id: str, msg_id: str) -> None:
        """Raises KernelMissing, ExecutionMissing, ExecutionBegun."""
        asked = self._of(kernel_id)
        if msg_id == "1" and asked:
            raise ExecutionBegun("This cell runs already or is over. Interrupt the kernel to stop it.")
        if not (msg_id.isdigit() and int(msg_id) <= len(asked)):
            raise ExecutionMissing(f"No execution waits that is called {msg_id!r}")
        del asked[int(msg_id) - 1]

    def execute(self, kernel_id: str, request: ExecuteRequest) -> JsonObject:
        """Raises KernelMissing."""
        self._of(kernel_id).append(request)
        return {"msg_id": str(len(self._of(kernel_id))), "epoch": "fake", "seq": 0}

    def outputs(self, kernel_id: str, wanted: OutputsWanted) -> JsonObject:
        """No messages. Raises KernelMissing."""
        self._of(kernel_id)
        return {"epoch": "fake", "seq": wanted.since, "missing": None, "is_over": False, "messages": []}

    def cells(self, kernel_id: str, wanted: CellsWanted) -> JsonObject:
        """No cells. Raises KernelMissing."""
        self._of(kernel_id)
        return {"epoch": "fake", "seq": 0, "now_ms": 1, "cells": []}

    def note_document(self, kernel_id: str, session_id: str, known: KnownDocument) -> None:
        """Keep what is known. Raises KernelMissing."""
        self._of(kernel_id)
        self.documents[session_id] = known

    def claim_away(self) -> JsonObject | None:
        """Nothing."""
        return None

    def settle_away(self, claim: JsonObject, content_hash: str | None) -> None:
        """Nothing to settle."""

    def _of(self, kernel_id: str) -> list[ExecuteRequest]:
        return self.asked.setdefault(self._get_kernel(kernel_id).id, [])

    def _shown(self, number: int, request: ExecuteRequest) -> JsonObject:
        nothing = dict.fromkeys(("ended_ms", "status", "execution_count", "reason"))
        known = {"msg_id": str(number), "cell_id": request.cell_id, "origin": "http", "asked_ms": 1}
        return {**nothing, **known, "started_ms": 1 if number == 1 else None}


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
