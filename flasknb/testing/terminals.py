"""Terminals without ptys: entries in a dict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flasknb.errors import (
    TerminalMissing,
)
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest
from flasknb.testing.models import WHEN


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
