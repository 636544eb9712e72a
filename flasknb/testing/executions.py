"""Executions that wait for ever."""

from __future__ import annotations

from collections.abc import Callable

from flasknb.errors import (
    ExecutionBegun,
    ExecutionMissing,
)
from flasknb.kernel_bridge.executions import CellsWanted, ExecuteRequest, KnownDocument, OutputsWanted
from flasknb.kernel_bridge.models import (
    JsonObject,
    KernelModel,
)


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
