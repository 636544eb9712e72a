"""The worker's view of the kernel world, as an interface. ``client.BridgeClient`` is the real one,
``flasknb.testing.FakeBridge`` the one of the HTTP tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flasknb.kernel_bridge.models import (
    KernelModel,
    KernelRequest,
    KernelSpecs,
    SessionChange,
    SessionModel,
    SessionRequest,
    SidecarStatus,
)


class ChannelStream(Protocol):
    """One websocket's stream to the sidecar. One greenlet reads, any may send."""

    def send(self, frame: bytes) -> None:
        """Pass one client message, in the binary layout of ``v1.kernel.websocket.jupyter.org``, to the kernel."""

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The next message for this client as ``(sequence number, v1 payload)``; ``None`` when the stream ended."""

    def close(self) -> None:
        """End the stream; the kernel's ``connections`` falls by one."""


class Bridge(Protocol):
    """Kernels, sessions and specs, from any thread or greenlet. Every method may raise ``SidecarUnavailable``."""

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

    def status(self) -> SidecarStatus: ...

    def open_channels(self, kernel_id: str, session_id: str, *, since: int | None = None) -> ChannelStream:
        """Join the kernel's channels. Raises KernelMissing."""

    def shutdown_sidecar(self) -> None:
        """End all kernels and the sidecar."""

    def close(self) -> None:
        """Let go of this worker's connections; kernels stay."""
