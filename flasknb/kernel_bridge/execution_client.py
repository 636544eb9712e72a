"""The worker's end of executions: calls to the sidecar."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from flasknb.kernel_bridge.executions import CellsWanted, ExecuteRequest, KnownDocument, OutputsWanted
from flasknb.kernel_bridge.models import JsonObject
from flasknb.kernel_bridge.terminal_client import Caller

ANSWER_TIMEOUT_S = 15.0  # beyond the time that the caller wants to wait


class SidecarExecutions:
    """``Executions`` over the sidecar. Any thread or greenlet."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def queue(self, kernel_id: str) -> JsonObject:
        """What runs, what waits, what is over."""
        return cast(JsonObject, self._call("execution_queue", {"kernel_id": kernel_id}))

    def remove(self, kernel_id: str, msg_id: str) -> None:
        """Take a waiting execution out."""
        self._call("remove_execution", {"kernel_id": kernel_id, "msg_id": msg_id})

    def execute(self, kernel_id: str, request: ExecuteRequest) -> JsonObject:
        """Put code into the queue."""
        return cast(JsonObject, self._call("execute", {"kernel_id": kernel_id, "request": asdict(request)}))

    def outputs(self, kernel_id: str, wanted: OutputsWanted) -> JsonObject:
        """Messages of the kernel."""
        params = {"kernel_id": kernel_id, "wanted": asdict(wanted)}
        return cast(JsonObject, self._call("outputs", params, timeout_s=wanted.wait_s + ANSWER_TIMEOUT_S))

    def cells(self, kernel_id: str, wanted: CellsWanted) -> JsonObject:
        """The newest execution of each cell, with its outputs folded."""
        return cast(JsonObject, self._call("cells", {"kernel_id": kernel_id, "wanted": asdict(wanted)}))

    def note_document(self, kernel_id: str, session_id: str, known: KnownDocument) -> None:
        """A page has read or saved the document."""
        params = {"kernel_id": kernel_id, "session_id": session_id, "known": asdict(known)}
        self._call("note_document", params)

    def claim_away(self) -> JsonObject | None:
        """Outputs that came while no page was there."""
        return cast("JsonObject | None", self._call("claim_away"))

    def settle_away(self, claim: JsonObject, content_hash: str | None) -> None:
        """What became of them."""
        named = {name: claim[name] for name in ("kernel_id", "session_id", "seq")}
        self._call("settle_away", {"claim": named, "content_hash": content_hash})
