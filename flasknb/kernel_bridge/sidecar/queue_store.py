"""When a request of the execution queue is on disk: what waits at once, what runs once it has run for a while."""

from __future__ import annotations

import asyncio

from flasknb.kernel_bridge.execution_queue import Ask, ExecutionQueue
from flasknb.kernel_bridge.sidecar.queue_files import QueueFiles
from flasknb.kernel_bridge.sidecar.queued_request import Request, now_ms
from flasknb.kernel_bridge.ws_codec import join_parts

STORE_AFTER_S = 1.0  # what is done sooner need not be on disk


class QueueStore:
    """Keeps the files of one queue in step with it. Event loop only."""

    def __init__(self, queue: ExecutionQueue[Request], files: QueueFiles) -> None:
        self._queue, self._files = queue, files
        self._timer: asyncio.TimerHandle | None = None

    def keep_soon(self) -> None:
        """What runs now is to be on disk if it takes long."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(STORE_AFTER_S, self.keep_running)

    def keep_waiting(self, ask: Ask[Request]) -> None:
        """On disk in the order of the queue: what runs comes before what waits."""
        self.keep_running()
        self._write(ask, ask.asked_ms, is_running=False)

    def keep_running(self) -> None:
        """What runs is to be on disk now."""
        self.stop()
        running = self._queue.running
        if running is not None and running.ask.payload.file is None:
            self._write(running.ask, running.started_ms or now_ms(), is_running=True)

    def sent(self, ask: Ask[Request]) -> None:
        """It goes to the kernel: on disk it runs, or need not be any more."""
        request = ask.payload
        if request.file is None:
            return
        if self._queue.running is not None and self._queue.running.ask is ask:
            request.file = self._files.begin(request.file, self._queue.running.started_ms or now_ms())
        else:
            request.file.unlink(missing_ok=True)
            request.file = None

    def stop(self) -> None:
        """Nothing is to be written later."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def remove(self) -> None:
        """The kernel is gone for good."""
        self._files.remove()

    def _write(self, ask: Ask[Request], at_ms: int, *, is_running: bool) -> None:
        asked = ask.payload.page_request
        if asked is None:
            return
        payload = join_parts([asked.channel.encode(), *asked.message.signed_parts, *asked.message.buffers])
        ask.payload.file = self._files.write(
            payload, session=asked.session, origin=ask.payload.origin, at_ms=at_ms, is_running=is_running
        )
