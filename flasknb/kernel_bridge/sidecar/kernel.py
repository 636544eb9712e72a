"""One kernel: its manager, sockets, journal, subscribers, state. What happens when it dies is in ``lifeline``."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import zmq

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.bridge import ENDED, Joined
from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.execution_queue import EXECUTE
from flasknb.kernel_bridge.executions import KnownDocument
from flasknb.kernel_bridge.lifecycle import RISING, Event, State, advance
from flasknb.kernel_bridge.messages import BadMessage, Header, Signer, WireMessage
from flasknb.kernel_bridge.models import Change, KernelModel
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.rate_limits import RateLimits
from flasknb.kernel_bridge.sidecar.activity import Activity, object_of
from flasknb.kernel_bridge.sidecar.audience import Audience
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.inherited_replies import InheritedReplies
from flasknb.kernel_bridge.sidecar.journals import Journals
from flasknb.kernel_bridge.sidecar.managers import KernelRestarter, MappingKernelManager, ServerKernelManager
from flasknb.kernel_bridge.sidecar.out_of_memory import OutOfMemory
from flasknb.kernel_bridge.sidecar.page_requests import PageRequest, PageRequests
from flasknb.kernel_bridge.sidecar.queue_files import QueueFiles
from flasknb.kernel_bridge.sidecar.sockets import HOLD_TOPIC, KernelSockets, OnMessage, Wires, count_of
from flasknb.kernel_bridge.sidecar.subscriber import Outlet, Subscriber
from flasknb.kernel_bridge.sidecar.turns import Turns
from flasknb.kernel_bridge.status_board import StatusBoard
from flasknb.kernel_bridge.tracebacks import without_traceback
from flasknb.kernel_bridge.ws_codec import CHANNELS

log = logging.getLogger(__name__)

REPLY_RETRY_S = 1.0
IOPUB_RETRY_S = 0.1
DOCUMENTS_KNOWN = 64
HOLD_TIMEOUT_S = 0.5
WELCOME = "iopub_welcome"  # not one of the kernel's numbered messages
PROTOCOL = 5  # major version of the messaging protocol; kernels of others are not translated


@dataclass(frozen=True)
class KernelContext:
    """What all kernels of a sidecar share."""

    managers: MappingKernelManager
    options: KernelSidecar
    changes: Changes[Change]
    zmq: zmq.Context[zmq.Socket[bytes]]
    restarter: KernelRestarter
    limits: RateLimits
    board: StatusBoard
    journals: Journals
    queues: Path
    """Folder of what waits for kernels."""
    memory: OutOfMemory = field(default_factory=OutOfMemory)


@dataclass
class _Question:
    """What the kernel waits to be told.

    Args:
        parent: header of the execution.
        asked: sessions that have got the question.
        is_for_all: whether any session finds it in the journal, where its number is ``sequence``.
    """

    parent: Header
    message: WireMessage
    asked: set[str]
    is_for_all: bool
    sequence: int = 0


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
        self._context = context
        self._activity = Activity(context.managers.untracked_message_types)
        self._hides_tracebacks = not context.managers.allow_tracebacks
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
        files = QueueFiles(context.queues / kernel_id)
        self.turns = Turns(self, files, self._tell_queue)
        self.requests = PageRequests(
            context.managers.allowed_message_types, self.send, self.turns.take, self._kept.requests.is_new
        )
        self._taken_over: set[str] = set()
        self._inherited_replies = InheritedReplies(self._answer_inherited) if has_past else None
        self._own_session, self._probe_session = uuid.uuid4().hex, uuid.uuid4().hex
        self._replied, self._published, self._holds = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._news: set[asyncio.Future[None]] = set()
        self._question: _Question | None = None
        self.documents: OrderedDict[str, KnownDocument] = OrderedDict()
        """What pages know of their documents, by session."""
        self._sockets: Wires | None = None
        self._signer = Signer(b"")
        self.refused_messages = 0
        self.due_in_s: Callable[[], float | None] = lambda: None
        """Seconds until it is culled if nothing happens; ``None`` for never."""

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

    # Sockets

    def connect(self, manager: ServerKernelManager) -> None:
        """Open the sockets of a connection file that has been written; the kernel need not run yet."""
        connection: Mapping[str, Any] = manager.get_connection_info()
        self._signer = Signer(connection["key"], connection["signature_scheme"])
        urls = {channel: manager._make_url(channel) for channel in CHANNELS}
        curve = {
            name: key.encode() if isinstance(key, str) else key
            for name in ("publickey", "secretkey")
            if (key := connection.get(f"curve_{name}"))
        }
        self.disconnect()
        self._sockets = KernelSockets(
            self._context.zmq,
            urls=urls,
            identity=self.identity,
            curve=curve,
            on_message=self._on_wire,
            on_drained=self._audience.flush,
        )

    def connect_by(self, make: Callable[[OnMessage, Callable[[], None]], Wires]) -> None:
        """Talk by what ``make`` returns: to a kernel whose messages come unsigned, over somebody else's server."""
        self._signer = Signer(b"")
        self.disconnect()
        self._sockets = make(self._on_wire, self._audience.flush)

    def disconnect(self) -> None:
        """Close the sockets."""
        if self._sockets is not None:
            self._sockets.close()
            self._sockets = None

    @property
    def is_connected(self) -> bool:
        """Whether the sockets are open."""
        return self._sockets is not None

    def new_process(self) -> None:
        """Forget what was under way in the old process."""
        self.lose_executions("The kernel was restarted.", died=False)
        self.requests.forget()
        self.requests.hold()
        self.turns.pause()
        self._kept.last_count = 0
        self._replied.clear()
        self._published.clear()
        if self._sockets is not None:
            self._sockets.reopen_requests()

    async def hold_output(self) -> None:
        """Have the kernel keep what it says for the next sidecar, where it can, and hear all it said before."""
        if isinstance(self._sockets, KernelSockets) and self._kept.last_count > 0:
            self._sockets.ask_to_hold()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._holds.wait(), HOLD_TIMEOUT_S)

    async def answer(self) -> None:
        """Wait until the kernel has answered kernel_info and its iopub is heard. Cancel to stop waiting."""
        while not (self._replied.is_set() and self._published.is_set()):
            self.ask("shell", "kernel_info_request")
            wanted, retry_s = (
                (self._published, IOPUB_RETRY_S) if self._replied.is_set() else (self._replied, REPLY_RETRY_S)
            )
            try:
                await asyncio.wait_for(wanted.wait(), retry_s)
            except asyncio.TimeoutError:
                continue
        self.happen(Event.READY)
        self._release()

    def ask(self, channel: str, msg_type: str) -> None:
        """Send a request without content; its answer is nobody's but ours."""
        if self._sockets is not None:
            request = messages.build(msg_type, {}, session=self._own_session)
            self._sockets.send(channel, self._signer.pack(request))

    def probe(self) -> None:
        """Have it publish something now, which tells whether output was lost; nobody hears of that."""
        if self._sockets is not None:
            request = messages.build("kernel_info_request", {}, session=self._probe_session)
            self._sockets.send("control", self._signer.pack(request))

    # From pages to the kernel

    def join(
        self, session: str, outlet: Outlet, *, since: int | None, epoch: str | None, takes_notes: bool = False
    ) -> tuple[Joined, Subscriber]:
        """Let a session listen, see ``Audience``."""
        joined, subscriber = self._audience.join(session, outlet, since=since, epoch=epoch, takes_notes=takes_notes)
        self._ask_again(session, since)
        return joined, subscriber

    def _ask_again(self, session: str, since: int | None) -> None:
        """Whoever comes while the kernel waits for input, and nobody who was asked is there, is asked."""
        question = self._question
        if question is None or any(asked in self._audience for asked in question.asked - {session}):
            return
        is_replayed = question.is_for_all and since is not None and since < question.sequence
        is_told = session in question.asked or is_replayed
        question.asked.add(session)
        if not is_told:
            self._keep("stdin", question.message, Header(msg_type="input_request"), question.parent, session)

    def _on_page(self, page: Subscriber, payload: bytes) -> str:
        """Take a request; returns its id, or ``""`` where there is nothing to wait for."""
        if self.state is State.DEAD:
            self._refuse("from a page: the kernel is dead")
            return ""
        try:
            return self.requests.take(payload, page.session, may_repeat=page.takes_notes)
        except BadMessage as error:
            self._refuse(f"from a page: {error}")
            return ""

    def send(self, request: PageRequest) -> None:
        """Pass a request on to the kernel."""
        if request.channel == "stdin":
            self._question = None
        self._kept.requests.write(request.msg_id)
        if self._sockets is not None:
            self._sockets.send(request.channel, self._signer.pack(request.message))

    # From the kernel to pages

    def tell_culling(self, due_in_s: float | None) -> None:
        """Tell all pages in how many seconds the kernel goes if nothing happens; ``None``: not soon any more."""
        self.publish_status(self.state.value, culling_in_s=due_in_s)

    def publish_status(self, execution_state: str, **more: Any) -> None:
        """Tell all pages a state that the kernel itself cannot tell any more."""
        content = {"execution_state": execution_state, **more}
        message = messages.build("status", content, session=self._own_session)
        self._pass_on("iopub", message, Header(msg_type="status"), Header())
        self._audience.flush()

    def say(self, channel: str, msg_type: str, content: Mapping[str, Any], parent_header: bytes) -> None:
        """Tell the pages what the kernel does not, in answer to a request."""
        message = messages.build(msg_type, content, session=self._own_session, parent_header=parent_header)
        self._pass_on(channel, message, Header(msg_type=msg_type), messages.peek(parent_header))
        self._audience.flush()

    @property
    def newest(self) -> int:
        """Number of the newest message."""
        return self.journal.newest

    def lose_executions(self, reason: str, *, died: bool) -> None:
        """The process is gone, and with it what ran and waited."""
        self.turns.lose(reason, died=died)

    @property
    def note(self) -> Mapping[str, Any]:
        """What pages are told about the queue."""
        return {"queue": self.turns.state()}

    def _tell_queue(self) -> None:
        self._audience.note(self.note)
        self._audience.confirm()

    def end(self, reason: str) -> None:
        """Tell all pages that the kernel is gone for good, and let them go: nothing will ever come again."""
        self.lose_executions(reason, died=False)
        self.turns.close()
        self.happen(Event.GAVE_UP)
        self.publish_status("dead", reason=reason)
        self._audience.end(ENDED)

    def _on_wire(self, channel: str, frames: Sequence[bytes]) -> None:
        if frames and frames[0].startswith(HOLD_TOPIC):
            self._holds.set()
            return
        count = 0
        try:
            message = self._signer.unpack(frames)
            header, parent = messages.peek(message.header), messages.peek(message.parent_header)
            if not (messages.is_utf8(message.content) and messages.is_utf8(message.metadata)):
                raise BadMessage("a kernel message is not UTF-8")
        except BadMessage as error:
            self._refuse(f"from the kernel: {error}")
            return
        if channel == "iopub":
            self._hear_iopub()
            count = count_of(frames)
            if count or (self._kept.inherited is not None and header.msg_type != WELCOME):
                self._notice_loss(count)
            if parent.session == self._probe_session:
                return
            self._note_activity(header, parent, message)
        elif parent.session == self._probe_session:
            return
        elif parent.session == self._own_session:
            self._hear_reply(header, message)
            return
        if self._hides_tracebacks:
            message = self._without_traceback(header, message)
        self._pass_on(channel, message, header, parent, count=count)
        if parent.msg_type == EXECUTE:
            self._hear_execution(channel, header, parent, message)

    def _answer_inherited(self, reply: WireMessage, parent: Header) -> None:
        self._pass_on("shell", reply, Header(msg_type="execute_reply"), parent)
        self._audience.flush()

    def _hear_execution(self, channel: str, header: Header, parent: Header, message: WireMessage) -> None:
        is_inherited = parent.msg_id in self._taken_over or self.requests.requester(parent.msg_id) is None
        if self._inherited_replies is not None and is_inherited:
            self._inherited_replies.hear(channel, header, parent, message)
        if channel == "shell" and header.msg_type == "execute_reply":
            if self._question is not None and self._question.parent.msg_id == parent.msg_id:
                self._question = None
            self.turns.heard_reply(parent.msg_id, message.content)
        elif header.msg_type == "status" and b'"idle"' in message.content:
            self.turns.heard_idle(parent.msg_id)

    def _target(self, channel: str, parent: Header) -> str | None:
        """Whom a message is for. What a page that has gone asked is answered to all: one may have its document open."""
        if channel == "iopub":
            return None
        session = self.requests.requester(parent.msg_id) or parent.session
        return session if session in self._audience else None

    def _notice_loss(self, count: int) -> None:
        gap = self._kept.gap_before(count)
        if gap is not None:
            log.warning("output lost kernel_id=%s first=%d last=%d", self.id, gap.first, gap.last)
            self._audience.tell_lost(gap)

    def _pass_on(self, channel: str, message: WireMessage, header: Header, parent: Header, *, count: int = 0) -> None:
        target = self._target(channel, parent)
        if channel == "stdin":
            asked = set(self._audience.sessions) if target is None else {target}
            self._question = _Question(parent, message, asked, is_for_all=target is None)
            self._question.sequence = self.journal.next_sequence()
        self._keep(channel, message, header, parent, target, count=count)
        if self._news:
            self._tell_news()

    def _keep(
        self,
        channel: str,
        message: WireMessage,
        header: Header,
        parent: Header,
        target: str | None,
        *,
        count: int = 0,
    ) -> None:
        """Number, remember and queue a message."""
        entry = Entry.of(
            self.journal.next_sequence(),
            [channel.encode(), *message.signed_parts, *message.buffers],
            msg_type=header.msg_type,
            parent_id=parent.msg_id,
            target=target,
            count=count,
        )
        self.journal.append(entry)
        self._context.journals.touched(self._kept)
        if not self._audience and not self._context.managers.buffer_offline_messages:
            self.journal.shrink(0)
        self._audience.put(entry)

    async def wait_for_news(self, timeout_s: float) -> None:
        """Return when the kernel says something, or after ``timeout_s``."""
        news = asyncio.get_running_loop().create_future()
        self._news.add(news)
        try:
            await asyncio.wait({news}, timeout=timeout_s)
        finally:
            self._news.discard(news)

    def _tell_news(self) -> None:
        news, self._news = self._news, set()
        for waiting in news:
            if not waiting.done():
                waiting.set_result(None)

    def question_of(self, msg_id: str) -> dict[str, Any] | None:
        """The content of the ``input_request`` that this execution waits at."""
        if self._question is None or self._question.parent.msg_id != msg_id:
            return None
        return object_of(self._question.message.content)

    def take_over_queue(self) -> None:
        """Go on with what waited when the last sidecar ended, behind what the kernel was given."""
        for stored in list(QueueFiles(self._context.queues / self.id).load()):
            try:
                request = self.requests.read(stored.payload, stored.session)
            except BadMessage as error:
                self._refuse(f"from the last sidecar: {error}")
                continue
            self.requests.remember(request.msg_id, stored.session)
            self._kept.requests.is_new(request.msg_id)  # its page, which was not told that we have it, sends it again
            self._taken_over.add(request.msg_id)
            self.turns.take_over(request, stored)

    def note_document(self, session_id: str, content_hash: str, *, seq: int | None, saved_ms: int) -> None:
        """A page knows the document of this session with these bytes, see ``KnownDocument``."""
        before = self.documents.get(session_id)
        if seq is None and before is not None and before.content_hash == content_hash:
            return  # it has been read again
        self.documents[session_id] = KnownDocument(content_hash, seq, saved_ms)
        self.documents.move_to_end(session_id)
        if len(self.documents) > DOCUMENTS_KNOWN:
            self.documents.popitem(last=False)

    def _hear_iopub(self) -> None:
        if not self._published.is_set():
            self._published.set()
            if self.state not in RISING:  # taken over: whatever is sent from now on is heard
                self._release()

    def _release(self) -> None:
        self.requests.release()
        self.turns.resume()

    def _hear_reply(self, header: Header, message: WireMessage) -> None:
        if header.msg_type != "kernel_info_reply":
            return
        if not self._replied.is_set():
            version = str(object_of(message.content).get("protocol_version", PROTOCOL))
            if version.partition(".")[0] != str(PROTOCOL):
                log.warning("kernel speaks protocol %s, messages are passed as they are kernel_id=%s", version, self.id)
        self._replied.set()
        self.turns.heard_free()

    def _without_traceback(self, header: Header, message: WireMessage) -> WireMessage:
        words = self._context.managers.traceback_replacement_message
        return replace(message, content=without_traceback(header.msg_type, message.content, words))

    def _note_activity(self, header: Header, parent: Header, message: WireMessage) -> None:
        self._context.board.take_down()
        event = self._activity.note(header, parent, message.content, self.state)
        if event is not None:
            self.happen(event)

    def _refuse(self, what: str) -> None:
        self.refused_messages += 1
        log.warning("message dropped kernel_id=%s count=%d %s", self.id, self.refused_messages, what)
