"""One kernel: its line, voice, queue and state as a whole. What happens when it dies is in ``lifeline``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.bridge import ENDED, Joined
from flasknb.kernel_bridge.execution_queue import EXECUTE
from flasknb.kernel_bridge.lifecycle import RISING, Event, State, advance
from flasknb.kernel_bridge.messages import BadMessage, Header, WireMessage
from flasknb.kernel_bridge.models import KernelModel
from flasknb.kernel_bridge.sidecar.activity import Activity
from flasknb.kernel_bridge.sidecar.audience import Audience
from flasknb.kernel_bridge.sidecar.inherited_replies import InheritedReplies
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.kernel_hearing import HearingNeeds, KernelHearing
from flasknb.kernel_bridge.sidecar.kernel_line import KernelLine
from flasknb.kernel_bridge.sidecar.kernel_voice import KernelVoice
from flasknb.kernel_bridge.sidecar.known_documents import KnownDocuments
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager
from flasknb.kernel_bridge.sidecar.pacing import Pacing
from flasknb.kernel_bridge.sidecar.page_requests import PageRequest, PageRequests
from flasknb.kernel_bridge.sidecar.queue_files import QueueFiles
from flasknb.kernel_bridge.sidecar.readiness import Readiness
from flasknb.kernel_bridge.sidecar.stand_in import words_of_the_dead
from flasknb.kernel_bridge.sidecar.subscriber import Outlet, Subscriber
from flasknb.kernel_bridge.sidecar.turns import Turns

log = logging.getLogger(__name__)


class Kernel:
    """A kernel and everybody who listens to it. Event loop only.

    Args:
        kernel_id: its id.
        name: name of its specification.
        identity: ZMQ identity of the request sockets.
        has_past: it ran under another sidecar before.
        owner: the user it counts for.
    """

    def __init__(
        self,
        context: KernelContext,
        kernel_id: str,
        name: str,
        identity: bytes,
        *,
        has_past: bool = False,
        owner: str = "",
    ) -> None:
        self.id, self.name, self.identity, self.owner = kernel_id, name, identity, owner
        self.state = State.STARTING
        self.reason: str | None = None
        self.manager: ServerKernelManager | None = None
        self.refused_messages = 0
        self.due_in_s: Callable[[], float | None] = lambda: None
        """Seconds until it is culled if nothing happens; ``None`` for never."""
        self.documents = KnownDocuments()
        self._context = context
        self._activity = Activity(context.managers.untracked_message_types)
        self._files = QueueFiles(context.queues / kernel_id)
        is_kept = context.managers.buffer_offline_messages
        self._kept = context.journals.open(kernel_id, has_past=has_past, is_kept=is_kept)
        self.journal = self._kept.journal
        self._audience = Audience(
            self.journal,
            context.options,
            context.limits,
            self._on_page,
            on_change=context.board.take_down,
            held_ids=lambda: self.turns.queue.held_ids,
        )
        self.turns = Turns(self, self._files, self._tell_queue)
        self.requests = PageRequests(
            context.managers.allowed_message_types, self.send, self.turns.take, self._kept.requests.is_new
        )
        self.line = KernelLine(context.zmq, identity, self._audience.flush_soon)
        self.voice = KernelVoice(
            self._kept,
            context.journals,
            self._audience,
            session=self.line.own_session,
            requester=self.requests.requester,
            is_kept=is_kept,
        )
        self._readiness = Readiness(kernel_id, self.line)
        self._inherited = InheritedReplies(self.voice.reply) if has_past else None
        self.line.on_message = self._hearing().take
        self.line.pause_s = Pacing(self._audience, self._kept, context.options).pause_s

    def _hearing(self) -> KernelHearing:
        managers = self._context.managers
        words = None if managers.allow_tracebacks else managers.traceback_replacement_message
        return KernelHearing(
            self.line,
            self.voice,
            self.requests,
            self.turns,
            readiness=self._readiness,
            kept=self._kept,
            inherited=self._inherited,
            needs=HearingNeeds(self._note_activity, self._heard_first, self._refuse, words),
        )

    @property
    def model(self) -> KernelModel:
        """The kernel as the REST API shows it."""
        moment = self.last_activity.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        due_in_s = self.due_in_s()
        return KernelModel(
            self.id,
            self.name,
            moment,
            self.state.value,
            len(self._audience),
            self.reason,
            None if due_in_s is None else round(due_in_s, 1),
        )

    @property
    def last_activity(self) -> datetime:
        """When it last worked for somebody."""
        return self._activity.last

    @property
    def idle_for_s(self) -> float:
        """Seconds since then, whatever happens to the clock."""
        return self._activity.idle_for_s()

    @property
    def connections(self) -> int:
        """How many websockets have joined."""
        return len(self._audience)

    def happen(self, event: Event) -> None:
        """Move along the table of ``lifecycle``; what makes no sense now (a late status) changes nothing."""
        try:
            self.state = advance(self.state, event)
        except ValueError as error:
            log.debug("event ignored kernel_id=%s error=%s", self.id, error)

    # The process

    async def answer(self) -> None:
        """Wait until the kernel has answered kernel_info and its iopub is heard. Cancel to stop waiting."""
        await self._readiness.wait()
        self.happen(Event.READY)
        self._release()

    def new_process(self) -> None:
        """Forget what was under way in the old process."""
        self.lose_executions("The kernel was restarted.", died=False)
        self.requests.forget()
        self.requests.hold()
        self.turns.pause()
        self._kept.last_count = 0
        self._readiness.forget()
        self.line.reopen_requests()

    def lose_executions(self, reason: str, *, died: bool) -> None:
        """The process is gone, and with it what ran and waited."""
        self.turns.lose(reason, died=died)

    def call_off(self, reason: str) -> None:
        """What waits for the process that starts is not to run."""
        self.turns.call_off(reason)

    def end(self, reason: str) -> None:
        """Tell all pages that the kernel is gone for good, and let them go: nothing will ever come again."""
        self.lose_executions(reason, died=False)
        self.turns.close()
        self.happen(Event.GAVE_UP)
        self.voice.publish_status("dead", reason=reason)
        self._audience.end(ENDED)

    # Between sidecars

    async def hold_output(self) -> None:
        """Have the kernel keep what it says for the next sidecar, where it can, and hear all it said before."""
        if self._kept.last_count > 0:
            await self.line.hold_output()
        self._audience.flush()

    def take_over_queue(self) -> None:
        """Go on with what waited when the last sidecar ended, behind what the kernel was given."""
        for stored in list(self._files.load()):
            try:
                request = self.requests.read(stored.payload, stored.session)
            except BadMessage as error:
                self._refuse(f"from the last sidecar: {error}")
                continue
            self.requests.remember(request.msg_id, stored.session)
            self._kept.requests.is_new(request.msg_id)  # its page, which was not told that we have it, sends it again
            if self._inherited is not None:
                self._inherited.take_over(request.msg_id)
            self.turns.take_over(request, stored)

    # From pages to the kernel

    def join(
        self, session: str, outlet: Outlet, *, since: int | None, epoch: str | None, takes_notes: bool = False
    ) -> tuple[Joined, Subscriber]:
        """Let a session listen, see ``Audience``."""
        joined, subscriber = self._audience.join(session, outlet, since=since, epoch=epoch, takes_notes=takes_notes)
        self.voice.ask_again(session, since)
        return joined, subscriber

    def send(self, request: PageRequest) -> None:
        """Pass a request on to the kernel."""
        if request.channel == "stdin":
            self.voice.settle_question()
        self._kept.requests.write(request.msg_id)
        self.line.send(request.channel, request.message)
        if request.msg_type == EXECUTE:
            self.line.expect_reply(is_last=not len(self.turns.queue))

    def _on_page(self, page: Subscriber, payload: bytes) -> str:
        """Take a request; returns its id, or ``""`` where there is nothing to wait for."""
        try:
            if self.state is State.DEAD:
                return self._answer_for_dead(self.requests.read(payload, page.session))
            return self.requests.take(payload, page.session, may_repeat=page.takes_notes)
        except BadMessage as error:
            self._refuse(f"from a page: {error}")
            return ""

    def _answer_for_dead(self, request: PageRequest) -> str:
        """Nobody may wait for a kernel that will not answer."""
        self._refuse("from a page: the kernel is dead")
        if request.msg_type == EXECUTE and messages.is_readable(request.message, request.msg_id):
            self.requests.remember(request.msg_id, request.session)
            for channel, msg_type, content in words_of_the_dead(self.reason or ""):
                parent_header = b"{}" if content.get("execution_state") == "dead" else request.message.header
                self.voice.say(channel, msg_type, content, parent_header)
        return request.msg_id

    # From the kernel to pages

    def tell_culling(self, due_in_s: float | None) -> None:
        """Tell all pages in how many seconds the kernel goes if nothing happens; ``None``: not soon any more."""
        self.voice.publish_status(self.state.value, culling_in_s=due_in_s)

    def say(self, channel: str, msg_type: str, content: Mapping[str, Any], parent_header: bytes) -> None:
        """Tell the pages what the kernel does not, in answer to a request."""
        self.voice.say(channel, msg_type, content, parent_header)

    @property
    def newest(self) -> int:
        """Number of the newest message."""
        return self.journal.newest

    @property
    def note(self) -> Mapping[str, Any]:
        """What pages are told about the queue."""
        return {"queue": self.turns.state()}

    def _tell_queue(self) -> None:
        self._audience.note(lambda: self.note)
        self._audience.confirm()

    def _heard_first(self) -> None:
        if self.state not in RISING:  # taken over: whatever is sent from now on is heard
            self._release()

    def _release(self) -> None:
        self.requests.release()
        self.turns.resume()

    def _note_activity(self, header: Header, parent: Header, message: WireMessage) -> None:
        self._context.board.take_down()
        event = self._activity.note(header.msg_type, parent.msg_type, message.content, self.state)
        if event is not None:
            self.happen(event)

    def _refuse(self, what: str) -> None:
        self.refused_messages += 1
        log.warning("message dropped kernel_id=%s count=%d %s", self.id, self.refused_messages, what)
