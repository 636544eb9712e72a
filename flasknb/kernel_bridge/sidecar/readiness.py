"""Whether one kernel's process can be talked to: it has answered on shell, and its iopub is heard."""

from __future__ import annotations

import asyncio
import logging

from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.kernel_line import KernelLine

log = logging.getLogger(__name__)

REPLY_RETRY_S = 1.0
IOPUB_RETRY_S = 0.1
PROTOCOL = 5  # major version of the messaging protocol; kernels of others are not translated


class Readiness:
    """Of the process that was started last. Event loop only."""

    def __init__(self, kernel_id: str, line: KernelLine) -> None:
        self._kernel_id, self._line = kernel_id, line
        self._replied, self._published = asyncio.Event(), asyncio.Event()
        self.has_heard_iopub = False

    def forget(self) -> None:
        """A new process is going to be there."""
        self._replied.clear()
        self._published.clear()
        self.has_heard_iopub = False

    async def wait(self) -> None:
        """Ask until both have happened. Cancel to stop waiting."""
        while not (self._replied.is_set() and self._published.is_set()):
            self._line.ask("shell", "kernel_info_request")
            wanted, retry_s = (
                (self._published, IOPUB_RETRY_S) if self._replied.is_set() else (self._replied, REPLY_RETRY_S)
            )
            try:
                await asyncio.wait_for(wanted.wait(), retry_s)
            except asyncio.TimeoutError:
                continue

    def hear_iopub(self) -> None:
        """Something was published."""
        self._published.set()
        self.has_heard_iopub = True

    def heard_info(self, content: bytes) -> None:
        """The kernel has answered ``kernel_info_request``."""
        if not self._replied.is_set():
            version = str(object_of(content).get("protocol_version", PROTOCOL))
            if version.partition(".")[0] != str(PROTOCOL):
                log.warning(
                    "kernel speaks protocol %s, messages are passed as they are kernel_id=%s", version, self._kernel_id
                )
        self._replied.set()
