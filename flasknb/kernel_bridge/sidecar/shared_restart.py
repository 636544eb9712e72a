"""Restarts of one kernel that are asked for at once are one restart: everybody gets the process that comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from flasknb.kernel_bridge.lifecycle import Event, State
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.launch import StartAbandoned

PATIENCE_S = 10.0


class SharedRestart:
    """Who asks for a restart of ``kernel``, and what they are told. Event loop only.

    Whoever asks twice, or in two pages, wants one fresh process. A second one in place of the first, which nobody can
    have used yet, would only end that in the middle of its start.

    Args:
        restart: does it; ends a start under way. Raises KernelFailed.
        patience_s: a start that takes longer may hang, and the next restart ends it.
    """

    def __init__(
        self, kernel: Kernel, restart: Callable[[], Awaitable[None]], *, patience_s: float = PATIENCE_S
    ) -> None:
        self._kernel, self._restart, self._patience_s = kernel, restart, patience_s
        self._newest: asyncio.Task[None] | None = None
        self._begun_s = 0.0

    async def ask(self) -> None:
        """Return when a process has answered that was started because of this call, or of one during its start.

        Raises:
            KernelFailed.
        """
        if self._is_good_for_all:
            self._kernel.call_off("The kernel was restarted.")
        else:
            self._begin()
        while (followed := self._newest) is not None:
            try:
                return await asyncio.shield(followed)  # whoever goes away takes it from nobody
            except StartAbandoned:
                if self._newest is followed:
                    raise  # the kernel was shut down

    @property
    def _is_good_for_all(self) -> bool:
        is_under_way = self._newest is not None and not self._newest.done()
        is_unused = self._kernel.state is State.RESTARTING
        return is_under_way and is_unused and time.monotonic() - self._begun_s < self._patience_s

    def _begin(self) -> None:
        self._kernel.happen(Event.RESTART)  # though it may have to wait for its turn
        self._begun_s = time.monotonic()
        self._newest = asyncio.ensure_future(self._restart())
        self._newest.add_done_callback(_look_at)


def _look_at(task: asyncio.Future[None]) -> None:
    """Asyncio complains of a failure that nobody has seen; here everybody may have gone."""
    if not task.cancelled():
        task.exception()
