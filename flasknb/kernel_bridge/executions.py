"""Executions as a worker sees them: values and the interface. No sockets, no clock.

``execution_client.SidecarExecutions`` is the real one, ``flasknb.testing.FakeExecutions`` the one of the HTTP tests.
The answers are JSON objects in the shapes of docs/rest-api.md: nobody between sidecar and client looks into them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flasknb.kernel_bridge.models import JsonObject

MAX_WAIT_S = 30.0
MAX_MESSAGES = 5000


@dataclass(frozen=True)
class ExecuteRequest:
    """Code to be run without a page. ``cell_id``: outputs are for this cell, of the document of ``session_id``."""

    code: str
    cell_id: str | None = None
    session_id: str | None = None
    silent: bool = False
    store_history: bool = True
    stop_on_error: bool = True


@dataclass(frozen=True)
class OutputsWanted:
    """Messages after number ``since`` of ``epoch``; of one execution where ``msg_id`` is given.

    ``wait_s``: how long to wait for the first one. ``limit``: how many at most.
    """

    since: int = 0
    epoch: str | None = None
    msg_id: str | None = None
    wait_s: float = 0.0
    limit: int = 1000


@dataclass(frozen=True)
class CellsWanted:
    """Cells with what they have shown: those that run or wait, and those whose end is not in the file.

    ``session_id``: only those of this document, and those that do not say of which they are. The file was written at
    ``ended_after_ms``, and has ``content_hash``: who wrote these bytes may have told up to which message it knew.
    ``only_ended``: without those that run or wait.
    """

    session_id: str | None = None
    ended_after_ms: int = 0
    content_hash: str | None = None
    only_ended: bool = False


@dataclass(frozen=True)
class KnownDocument:
    """What a page knows of its file: the hash of its bytes, written at ``saved_ms``.

    ``seq`` is the newest message whose effect is in them; ``None`` when the page only read the file.
    """

    content_hash: str
    seq: int | None = None
    saved_ms: int = 0


class Executions(Protocol):
    """What runs in kernels and waits for them. Every method may raise KernelMissing and SidecarUnavailable."""

    def queue(self, kernel_id: str) -> JsonObject:
        """What runs, what waits, what is over."""

    def remove(self, kernel_id: str, msg_id: str) -> None:
        """Take a waiting execution out. Raises ExecutionMissing, ExecutionBegun."""

    def execute(self, kernel_id: str, request: ExecuteRequest) -> JsonObject:
        """Put code into the queue. Raises KernelDead, QueueOverflow."""

    def outputs(self, kernel_id: str, wanted: OutputsWanted) -> JsonObject:
        """Messages of the kernel. Raises ExecutionMissing."""

    def cells(self, kernel_id: str, wanted: CellsWanted) -> JsonObject:
        """The newest execution of each cell, with its outputs folded."""

    def note_document(self, kernel_id: str, session_id: str, known: KnownDocument) -> None:
        """A page has read or saved the document of this session. Raises SessionMissing."""

    def claim_away(self) -> JsonObject | None:
        """Outputs that came while no page was there: ``{path, hash, cells, …}``, for whoever asks first."""

    def settle_away(self, claim: JsonObject, content_hash: str | None) -> None:
        """They are in the file, whose bytes have this hash now; ``None``: they are kept beside it."""
