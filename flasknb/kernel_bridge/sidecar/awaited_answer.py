"""A kernel that runs already, and that nobody here has heard of yet: what it answers shows that it is idle."""

from __future__ import annotations

import asyncio

from flasknb.kernel_bridge.lifecycle import Event
from flasknb.kernel_bridge.sidecar.kernel import Kernel


class AwaitedAnswer:
    """Waits in the background, for as long as it takes. Event loop only."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._waiting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Wait from now on."""
        self.stop()
        self._waiting = asyncio.create_task(self._wait())

    def stop(self) -> None:
        """Wait no longer: the kernel ends, or is another one now."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None

    async def _wait(self) -> None:
        await self._kernel.answer()
        self._kernel.happen(Event.IDLE)
