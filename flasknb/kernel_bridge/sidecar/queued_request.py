"""One request in a kernel's execution queue: what is kept of it while it waits and after it, and how it is shown."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.execution_queue import Run
from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.page_requests import PageRequest

METADATA_BYTES = 16 * 1024  # of a finished request; longer ones are forgotten
DOCUMENT = "flasknb"
"""Where our page says in a request's metadata which document and which place in it: ``{session, index, source}``."""


@dataclass
class Request:
    """A request in the queue.

    ``since`` is the journal's newest number when it was asked, ``last`` that of the newest message about its end.
    """

    header: bytes
    metadata: bytes
    content: bytes
    page_request: PageRequest | None
    since: int
    last: int = 0
    file: Path | None = None
    origin: str = "page"
    _named: dict[str, Any] | None = field(default=None, repr=False)

    def slim(self) -> None:
        """Keep only what tells which cell it was."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)
            self.file = None
        self.page_request, self.content = None, b"{}"
        if len(self.metadata) > METADATA_BYTES:
            self.metadata = b"{}"

    @property
    def named(self) -> dict[str, Any]:
        """The request's metadata."""
        if self._named is None:
            self._named = object_of(self.metadata)
        return self._named


def shown(run: Run[Request]) -> dict[str, Any]:
    """One execution in the shape of the REST API."""
    request = run.ask.payload
    cell_id = request.named.get("cellId")
    return {
        "msg_id": run.ask.msg_id,
        "cell_id": cell_id if isinstance(cell_id, str) else None,
        "origin": request.origin,
        "asked_ms": run.ask.asked_ms,
        "started_ms": run.started_ms,
        "ended_ms": run.ended_ms,
        "status": None if run.outcome is None else run.outcome.value,
        "execution_count": run.execution_count,
        "reason": run.reason,
    }


def now_ms() -> int:
    """Wall-clock milliseconds."""
    return int(time.time() * 1000)
