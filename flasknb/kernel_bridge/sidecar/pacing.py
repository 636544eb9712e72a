"""Whether one kernel waits for its pages and for the disk."""

from __future__ import annotations

import asyncio

from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.pace import Backlog, Pace
from flasknb.kernel_bridge.sidecar.audience import Audience
from flasknb.kernel_bridge.sidecar.journals import WAITING_BYTES, KernelJournal
from flasknb.kernel_bridge.sidecar.memory import own_bytes


class Pacing:
    """Asks ``Pace`` with what waits now. Event loop only."""

    def __init__(self, audience: Audience, kept: KernelJournal, options: KernelSidecar) -> None:
        self._audience, self._kept = audience, kept
        self._pace = Pace(
            reader_bytes=options.queue_hard_bytes // 2, disk_bytes=WAITING_BYTES // 2, memory_bytes=own_bytes
        )

    def pause_s(self) -> float:
        """For how long nothing more is heard; 0 to go on."""
        reader_bytes, sent = self._audience.furthest
        backlog = Backlog(reader_bytes, self._kept.waiting_bytes, sent)
        return self._pace.pause_s(backlog, asyncio.get_running_loop().time())
