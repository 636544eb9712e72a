"""The worker's view of the kernel world, as an interface. ``client.BridgeClient`` is the real one,
``flasknb.testing.FakeBridge`` the one of the HTTP tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flasknb.kernel_bridge.executions import Executions
from flasknb.kernel_bridge.journal import Missing
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
from flasknb.kernel_bridge.terminals import Terminals

Item_co = TypeVar("Item_co", covariant=True)


@dataclass(frozen=True)
class Joined:
    """Where a stream begins.

    ``epoch`` names the run of sequence numbers; ``sequence`` is the kernel's newest number at the time of joining.
    ``missing`` are the first and last number that ``since`` asked for and that are gone for good; ``"unknown"`` when a
    sidecar died in between, and nobody knows. ``confirms``: notes will say which requests have arrived.
    """

    epoch: str
    sequence: int
    missing: Missing
    confirms: bool = False

    def told(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"epoch": self.epoch, "seq": self.sequence, "missing": self.missing, "confirms": self.confirms}


STALE, ENDED = "stale", "ended"
"""Why the sidecar ends a stream for good: a newer connection of the same session, or a kernel that is gone."""


@dataclass(frozen=True)
class WebsocketTerms:
    """What a page and its worker have agreed on, before the sidecar answers in the worker's place.

    Args:
        answer: head of the answer that accepts the handshake.
        protocol: the subprotocol in it, ``""`` for legacy JSON.
        since, epoch: as of ``Bridge.open_channels``.
    """

    kernel_id: str
    session_id: str
    answer: str
    protocol: str
    max_message_bytes: int
    ping_interval_s: float
    ping_timeout_s: float
    since: int | None = None
    epoch: str | None = None


class CarriedWebsocket(Protocol):
    """A websocket that the sidecar carries, as the worker knows it that has passed it on. Any thread."""

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say goodbye to the page."""

    def expel(self, message: str) -> None:
        """Close with 1008; what the page still sends is not read."""

    def when_over(self, tell: Callable[[], None]) -> None:
        """``tell`` is called, in some thread, when the websocket is over; at once where it is."""


class ChannelStream(Protocol):
    """One websocket's stream to the sidecar. One greenlet reads, any may send."""

    @property
    def joined(self) -> Joined: ...

    @property
    def end_reason(self) -> str:
        """``STALE`` or ``ENDED`` once the stream has ended for good; else it may be joined again."""

    def send(self, frame: bytes) -> None:
        """Pass one client message, in the binary layout of ``v1.kernel.websocket.jupyter.org``, to the kernel."""

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The next message for this client as ``(sequence number, v1 payload)``; ``None`` when the stream ended.

        Raises:
            TimeoutError: nothing came within ``timeout_s``.
        """

    def receive_batch(self, timeout_s: float | None = None) -> Sequence[bytes | str] | None:
        """All that has arrived, in order: each message as ``uint64`` little-endian number and v1 payload.

        Text is a note to a page that speaks the numbered protocol, see docs/architecture.md §3.
        """

    def close(self) -> None:
        """End the stream; the kernel's ``connections`` falls by one. Wakes the greenlet that reads."""

    def release(self) -> None:
        """Close, and let go of the sockets. Nobody may be reading any more."""


class Feed(Protocol[Item_co]):
    """News of the sidecar. One thread iterates, any may close."""

    def __iter__(self) -> Iterator[Item_co]:
        """Every item from now on, as it happens, across deaths of the sidecar, until ``close``. Raises nothing."""

    def open(self) -> bool:
        """Listen from this moment on, before anybody iterates; false where no sidecar answers."""

    def close(self) -> None:
        """End the iteration, also while it waits."""


ChangeFeed = Feed[Change]


class Bridge(Protocol):
    """Kernels, sessions and specs, from any thread or greenlet. Every method may raise ``SidecarUnavailable``."""

    viewer: Callable[[], str | None]
    """For whom a call is made: what is another user's is, for that one, not there. ``None``: somebody who sees all."""

    @property
    def executions(self) -> Executions: ...

    @property
    def terminals(self) -> Terminals: ...

    def list_kernels(self) -> Sequence[KernelModel]: ...

    def start_kernel(self, request: KernelRequest) -> KernelModel:
        """Raises KernelSpecMissing, KernelFailed, KernelIdTaken."""

    def get_kernel(self, kernel_id: str) -> KernelModel:
        """Raises KernelMissing."""

    def shutdown_kernel(self, kernel_id: str) -> None:
        """Raises KernelMissing."""

    def interrupt_kernel(self, kernel_id: str) -> None:
        """Raises KernelMissing."""

    def restart_kernel(self, kernel_id: str) -> KernelModel:
        """Raises KernelMissing, KernelFailed."""

    def list_sessions(self) -> Sequence[SessionModel]: ...

    def create_session(self, request: SessionRequest) -> SessionModel:
        """Raises SessionFailed."""

    def get_session(self, session_id: str) -> SessionModel:
        """Raises SessionMissing."""

    def update_session(self, session_id: str, change: SessionChange) -> SessionModel:
        """Raises SessionMissing, KernelMissing, SessionFailed."""

    def delete_session(self, session_id: str) -> None:
        """Raises SessionMissing, KernelGone."""

    def kernel_specs(self) -> KernelSpecs: ...

    def kernel_spec(self, name: str) -> KernelSpecModel:
        """Raises KernelSpecMissing."""

    def status(self) -> SidecarStatus: ...

    def shown_status(self) -> SidecarStatus | None:
        """The same figures where they can be had without a call; ``None``: ask ``status``."""

    def status_of_none(self) -> SidecarStatus | None:
        """The figures of a server on which nothing can run yet, neither kernels nor sessions nor terminals.

        ``None``: ask the others. Starts nothing.
        """

    def expect_use(self, *, at_once: bool = False) -> None:
        """Somebody is about who may want a kernel: have the sidecar soon. Returns at once, raises nothing of it.

        Args:
            at_once: they surely want one, and the answer that is being made may wait until its start has begun.
        """

    def open_channels(
        self,
        kernel_id: str,
        session_id: str,
        *,
        since: int | None = None,
        epoch: str | None = None,
        takes_notes: bool = False,
    ) -> ChannelStream:
        """Join the kernel's channels, first what came after ``since`` of ``epoch``. Raises KernelMissing.

        Args:
            takes_notes: the page wants to be told which requests have arrived, and sends no request twice but to
                have it arrive.
        """

    def pass_websocket(self, descriptor: int, terms: WebsocketTerms) -> CarriedWebsocket | None:
        """Have the sidecar answer and carry the websocket on the socket ``descriptor``, of which it gets a copy.

        Returns:
            ``None`` where it cannot: use ``open_channels``.

        Raises:
            KernelMissing: nothing was answered.
        """

    def changes(self) -> ChangeFeed:
        """Listen to what happens to kernels and sessions; starts no sidecar, waits for one."""

    def events(self) -> Feed[RaisedEvent]:
        """Listen to the events of the sidecar and of all workers; starts no sidecar, waits for one."""

    def away(self) -> Feed[str]:
        """Listen to which kernels have outputs that no page has seen, by id; starts no sidecar, waits for one."""

    def publish_event(self, event: RaisedEvent) -> None:
        """Pass an event of this worker to all that listen, here and in other workers."""

    def attach(self) -> bool:
        """Tell a running sidecar that this worker is there, so that its kernels outlive other workers; starts none."""

    def shutdown_sidecar(self) -> None:
        """End all kernels and the sidecar."""

    def close(self) -> None:
        """Let go of this worker's connections; kernels stay."""
