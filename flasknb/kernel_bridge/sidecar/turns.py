"""One kernel's execution queue at work: sends what is due, answers where the kernel never will, tells pages.

Holding executions back costs a client that sends one after the other nothing; one that sends many at once waits for a
trip between two of them (about a millisecond). Every kernel of protocol 5 answers one ``execute_request`` before it
begins the next of the same shell, so none can miss what it is not given yet. One that goes idle without an answer
is given the next one all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from flasknb.errors import QueueOverflow
from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.execution_queue import EXECUTE, Ask, ExecutionQueue, Outcome, QueueFull, Run, Steps
from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.page_requests import HELD_BYTES, PageRequest
from flasknb.kernel_bridge.sidecar.queue_files import QueueFiles, Stored
from flasknb.kernel_bridge.sidecar.queue_store import QueueStore
from flasknb.kernel_bridge.sidecar.queued_request import Request, now_ms, shown
from flasknb.kernel_bridge.sidecar.stand_in import OUTCOMES, stops_others, words_for

log = logging.getLogger(__name__)

TELL_AFTER_S = 0.1  # changes within this time are told together
ANSWER_AFTER_IDLE_S = 5.0
FINISHED_TOLD = 32


class Stage(Protocol):
    """What ``Turns`` needs of its kernel."""

    def send(self, request: PageRequest) -> None:
        """To the kernel."""

    def say(self, channel: str, msg_type: str, content: dict[str, Any], parent_header: bytes) -> None:
        """To the pages, in the kernel's place."""

    @property
    def newest(self) -> int:
        """The journal's newest number."""


class Turns:
    """The shell requests of all clients of one kernel. Event loop only.

    Args:
        files: what the next sidecar goes on with.
        tell: called some time after something has changed.
    """

    def __init__(self, stage: Stage, files: QueueFiles, tell: Callable[[], None]) -> None:
        self._stage, self._tell_pages = stage, tell
        self.queue: ExecutionQueue[Request] = ExecutionQueue(HELD_BYTES, is_paused=True)
        self._store = QueueStore(self.queue, files)
        self.ended = 0
        """Counts what has ended; changes with everything that ends."""
        self._telling: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None

    def take(self, request: PageRequest, *, origin: str = "page") -> None:
        """A request for the shell: to the kernel, or behind others."""
        message = request.message
        if request.msg_type == EXECUTE and not messages.is_readable(message, request.msg_id):
            log.warning("an execution was passed on that no kernel can read")
            self._stage.send(request)  # kernels drop it without a word: nobody may wait for its end
            return
        held = Request(message.header, message.metadata, message.content, request, self._stage.newest, origin=origin)
        ask = Ask(request.msg_id, request.msg_type, held, request.size_bytes, now_ms(), is_beside=request.is_beside)
        try:
            steps = self.queue.submit(ask, now_ms=ask.asked_ms)
        except QueueFull as error:
            log.warning("request refused, %s", error)
            if origin != "page":
                raise QueueOverflow(f"The kernel's queue is full: {error}") from error
            if ask.msg_type == EXECUTE:
                self._answer_for_kernel(Run(ask, outcome=Outcome.ABORTED), died=False)
            return
        if not steps.send:
            self._store.keep_waiting(ask)
        elif ask.msg_type == EXECUTE:
            self._store.keep_soon()
        if origin != "page":
            self.tell()  # pages are to know whose outputs these are before they come
        self._follow(steps)
        if ask.msg_type == EXECUTE:
            self._changed()

    def take_over(self, request: PageRequest, stored: Stored) -> None:
        """A request of the sidecar before: with the kernel already, or waiting again."""
        if not stored.is_running:
            self.take(request, origin=stored.origin)
            return
        message = request.message
        held = Request(message.header, message.metadata, message.content, request, self._stage.newest)
        held.origin = stored.origin
        ask = Ask(request.msg_id, request.msg_type, held, request.size_bytes, stored.at_ms)
        self.queue.take_up(ask, started_ms=stored.at_ms)
        self._store.keep_running()
        self._changed()

    def leave(self) -> None:
        """The sidecar ends and the kernel goes on: the next one is to know what runs."""
        self._store.keep_running()
        self.stop()

    def heard_reply(self, msg_id: str, content: bytes) -> None:
        """The kernel has answered an execution."""
        running = self.queue.running
        if running is None or running.ask.msg_id != msg_id:
            return
        said = object_of(content)
        outcome = OUTCOMES.get(str(said.get("status")), Outcome.UNKNOWN)
        count = said.get("execution_count")
        self._stop_waiting()
        steps = self.queue.replied(
            msg_id,
            outcome=outcome,
            stops_others=stops_others(running.ask.payload, outcome),
            execution_count=count if isinstance(count, int) else None,
            now_ms=now_ms(),
        )
        running.ask.payload.slim()
        self._note_end(running.ask.payload)
        self._follow(steps)
        self._changed()

    def heard_idle(self, msg_id: str) -> None:
        """The kernel has done with a request; its answer comes on another socket, perhaps later, perhaps never."""
        running = self.queue.running
        if self.queue.finished and self.queue.finished[-1].ask.msg_id == msg_id:
            self._note_end(self.queue.finished[-1].ask.payload)
        if running is not None and running.ask.msg_id == msg_id and self._patience is None:
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(ANSWER_AFTER_IDLE_S, self._give_up, msg_id)

    def heard_free(self) -> None:
        """The kernel has answered a question of ours: what was sent to it before is done, whoever sent it."""
        running = self.queue.running
        if running is not None and self._patience is None:
            self.heard_idle(running.ask.msg_id)

    def pause(self) -> None:
        """Send nothing for now."""
        self.queue.pause()

    def resume(self) -> None:
        """Send what is due."""
        self._follow(self.queue.resume(now_ms=now_ms()))
        self._changed()

    def remove(self, msg_id: str) -> None:
        """Take a waiting execution out, and tell its client that it will not run. Raises KeyError."""
        self._follow(self.queue.remove(msg_id, now_ms=now_ms()))
        self.tell()

    def lose(self, reason: str, *, died: bool) -> None:
        """The process is gone. What ran there failed if it ``died`` by itself, was called off otherwise."""
        self._stop_waiting()
        self._cancel(self.queue.lose(reason, now_ms=now_ms()), reason, died=died)

    def call_off(self, reason: str) -> None:
        """No execution that waits is to run."""
        self._cancel(self.queue.call_off(reason, now_ms=now_ms()), reason, died=False)

    def close(self) -> None:
        """The kernel is gone for good."""
        self.stop()
        self._store.remove()

    def stop(self) -> None:
        """Tell nothing any more."""
        self._stop_waiting()
        self._store.stop()
        if self._telling is not None:
            self._telling.cancel()

    def state(self, *, finished: int = FINISHED_TOLD) -> dict[str, Any]:
        """The queue as pages and the REST API see it; of what is over, the newest ``finished``."""
        running = self.queue.running
        over = list(self.queue.finished)[-finished:] if finished else []
        return {
            "now_ms": now_ms(),
            "running": None if running is None else shown(running),
            "waiting": [shown(Run(ask)) for ask in self.queue.waiting],
            "finished": [shown(run) for run in over],
        }

    def runs(self) -> Iterator[Run[Request]]:
        """Every execution that is known, oldest first."""
        yield from self.queue.finished
        if self.queue.running is not None:
            yield self.queue.running
        yield from (Run(ask) for ask in self.queue.waiting)

    def tell(self) -> None:
        """Tell the pages now."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        self._tell_pages()

    def _changed(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TELL_AFTER_S, self.tell)

    def _follow(self, steps: Steps[Request]) -> None:
        for run in steps.over:
            self._answer_for_kernel(run, died=False)
        self._pass_on(steps.send)

    def _pass_on(self, asks: Sequence[Ask[Request]]) -> None:
        for ask in asks:
            self._store.sent(ask)
            if ask.payload.page_request is not None:
                self._stage.send(ask.payload.page_request)

    def _cancel(self, steps: Steps[Request], reason: str, *, died: bool) -> None:
        for run in steps.over:
            self._answer_for_kernel(run, died=died)
        if steps.over:
            log.warning("executions cancelled count=%d reason=%s", len(steps.over), reason)
            self._changed()

    def _note_end(self, request: Request) -> None:
        request.last = self._stage.newest
        self.ended += 1

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self, msg_id: str) -> None:
        self._patience = None
        running = self.queue.running
        if running is None or running.ask.msg_id != msg_id:
            return
        log.warning("the kernel went idle without an answer to an execution")
        steps = self.queue.replied(msg_id, outcome=Outcome.UNKNOWN, now_ms=now_ms())
        running.ask.payload.slim()
        self._note_end(running.ask.payload)
        self._follow(steps)
        self._changed()

    def _answer_for_kernel(self, run: Run[Request], *, died: bool) -> None:
        header = run.ask.payload.header
        run.ask.payload.slim()
        for channel, msg_type, content in words_for(run, died=died):
            self._stage.say(channel, msg_type, content, header)
        self._note_end(run.ask.payload)
