"""Whether one kernel's process can be talked to: it has answered on shell, and its iopub is heard."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.kernel_line import KernelLine

log = logging.getLogger(__name__)

REPLY_RETRY_S = 1.0
IOPUB_RETRY_S = 0.1
UNANSWERED_S = 5.0  # a kernel that publishes, though never about a question, is taken as heard after that
PROTOCOL = 5  # major version of the messaging protocol; kernels of others are not translated


class Readiness:
    """Of the process that was started last. Event loop only.

    Its iopub counts as heard once it has published something about a question of ours: where a connection outlives a
    restart, other words may still be the old process's last, and what the new one says then reaches nobody yet.
    """

    def __init__(self, kernel_id: str, line: KernelLine) -> None:
        self._kernel_id, self._line = kernel_id, line
        self._replied, self._published = asyncio.Event(), asyncio.Event()
        self._has_heard_iopub = False

    def forget(self) -> None:
        """A new process is going to be there."""
        self._replied.clear()
        self._published.clear()
        self._has_heard_iopub = False

    async def wait(self) -> None:
        """Ask until both have happened. Cancel to stop waiting."""
        while not self._replied.is_set():
            await self._ask(self._replied, REPLY_RETRY_S)
        end_s = time.monotonic() + UNANSWERED_S
        while not (self._published.is_set() or (self._has_heard_iopub and time.monotonic() > end_s)):
            await self._ask(self._published, IOPUB_RETRY_S)

    async def _ask(self, wanted: asyncio.Event, retry_s: float) -> None:
        self._line.ask("shell", "kernel_info_request")
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(wanted.wait(), retry_s)

    @property
    def listens(self) -> bool:
        """Whether it matters still what is published."""
        return not self._published.is_set()

    def hear_iopub(self, *, is_answer: bool) -> bool:
        """Something was published; ``is_answer``: about a question of ours. Returns whether it is the first."""
        is_first, self._has_heard_iopub = not self._has_heard_iopub, True
        if is_answer:
            self._published.set()
        return is_first

    def heard_info(self, content: bytes) -> None:
        """The kernel has answered ``kernel_info_request``."""
        if not self._replied.is_set():
            version = str(object_of(content).get("protocol_version", PROTOCOL))
            if version.partition(".")[0] != str(PROTOCOL):
                log.warning(
                    "kernel speaks protocol %s, messages are passed as they are kernel_id=%s", version, self._kernel_id
                )
        self._replied.set()
