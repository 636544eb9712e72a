"""Outputs that came while no page was there, until a worker has put them into the notebook's file.

The sidecar has no contents manager: it tells the workers that there is something, one of them takes it, and says what
became of it. What nobody took when the kernel ends is kept beside the file, and the next page offers it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from flasknb.errors import KernelMissing
from flasknb.kernel_bridge.executions import CellsWanted
from flasknb.kernel_bridge.kept_outputs import KeptOutputs
from flasknb.kernel_bridge.models import SessionModel
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.queued_request import now_ms
from flasknb.kernel_bridge.sidecar.reading import read_cells
from flasknb.kernel_bridge.sidecar.sessions import SessionManager

log = logging.getLogger(__name__)

LEASE_S = 120.0  # a worker that has said nothing for so long is gone
NOTEBOOK = "notebook"

JsonObject = dict[str, Any]


@dataclass
class Watched:
    """One kernel. ``seen`` is the state of its queue that has been dealt with; ``since_s`` since when it is alone."""

    seen: int = 0
    since_s: float | None = None
    leased_until_s: float = 0.0
    told: int = 0


class Away:
    """Event loop only.

    Args:
        delay_s: how long a kernel must be alone before its outputs are put away; negative for never.
    """

    def __init__(self, kernels: Kernels, sessions: SessionManager, kept: KeptOutputs, *, delay_s: float) -> None:
        self._kernels, self._sessions, self.kept = kernels, sessions, kept
        self._delay_s = delay_s
        self._watched: dict[str, Watched] = {}
        self.news: Changes[str] = Changes()

    def look(self, now_s: float) -> None:
        """Tell the workers of kernels that have been alone with unsaved outputs for a while. Called once a second."""
        if self._delay_s < 0:
            return
        for kernel in self._kernels.kernels():
            watched = self._watched.setdefault(kernel.id, Watched())
            if kernel.connections or watched.seen == kernel.turns.ended:
                watched.since_s = None
                continue
            watched.since_s = now_s if watched.since_s is None else watched.since_s
            is_due = now_s - watched.since_s >= self._delay_s and now_s >= watched.leased_until_s
            if is_due and watched.told != kernel.turns.ended:
                watched.told = kernel.turns.ended
                self.news.publish(kernel.id)

    async def claim(self) -> JsonObject | None:
        """Something to put away, for the worker that asks; ``None`` when there is nothing."""
        if self._delay_s < 0:
            return None
        now_s = asyncio.get_running_loop().time()
        for kernel in self._kernels.kernels():
            watched = self._watched.get(kernel.id)
            if watched is None or watched.since_s is None or kernel.connections or now_s < watched.leased_until_s:
                continue
            if now_s - watched.since_s < self._delay_s or watched.seen == kernel.turns.ended:
                continue
            ended = kernel.turns.ended
            watched.leased_until_s = now_s + LEASE_S
            job = await self._job(kernel)
            if job is not None:
                return {**job, "ended": ended}
            watched.seen, watched.leased_until_s = ended, 0.0
        return None

    def settle(self, claim: JsonObject, content_hash: str | None) -> None:
        """What was claimed is in the file, whose bytes have this hash now, or (``None``) is kept beside it."""
        try:
            kernel = self._kernels.get(str(claim["kernel_id"]))
        except KernelMissing:
            return
        session_id, seq = str(claim["session_id"]), int(claim["seq"])
        known = kernel.documents.get(session_id)
        new_hash = content_hash or (known.content_hash if known else "")
        kernel.documents.note(session_id, new_hash, seq=seq, saved_ms=now_ms())
        self._watched[kernel.id].leased_until_s = 0.0  # other documents of the kernel may be next

    async def keep_beside(self, kernel: Kernel) -> None:
        """The kernel ends: what no worker took, and no page has, goes beside its file."""
        if self._delay_s < 0 or kernel.connections:
            return
        while (job := await self._job(kernel)) is not None:
            self.kept.keep(job["path"], job["cells"], job["owner"])
            kernel.documents.note(job["session_id"], job["hash"], seq=job["seq"], saved_ms=now_ms())

    async def _job(self, kernel: Kernel) -> JsonObject | None:
        for session in self._sessions_of(kernel):
            known = kernel.documents.get(session.id)
            if known is None:
                continue  # no page with the right to save has ever told which file it means
            wanted = CellsWanted(session.id, known.saved_ms, known.content_hash, only_ended=True)
            answer = await read_cells(kernel, wanted)
            if answer["cells"]:
                place = {"kernel_id": kernel.id, "session_id": session.id, "path": session.path, "owner": kernel.owner}
                return {**place, "hash": known.content_hash, "seq": answer["seq"], "cells": answer["cells"]}
        return None

    def _sessions_of(self, kernel: Kernel) -> list[SessionModel]:
        return [one for one in self._sessions.models() if one.kernel.id == kernel.id and one.type == NOTEBOOK]
