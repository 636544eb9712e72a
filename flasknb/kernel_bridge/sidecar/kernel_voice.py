"""All that pages hear of one kernel: numbered, remembered in its journal, queued for whom it is for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.messages import Header, WireMessage
from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.audience import Audience
from flasknb.kernel_bridge.sidecar.journals import SETTLE_BYTES, Journals, KernelJournal

log = logging.getLogger(__name__)


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


class KernelVoice:
    """Event loop only.

    Args:
        session: of the messages that are ours and not the kernel's.
        requester: the session that sent the request with an id.
        is_kept: whether messages are remembered while nobody listens.
    """

    def __init__(
        self,
        kept: KernelJournal,
        journals: Journals,
        audience: Audience,
        *,
        session: str,
        requester: Callable[[str], str | None],
        is_kept: bool,
    ) -> None:
        self._kept, self._journals, self._audience = kept, journals, audience
        self._journal = kept.journal
        self._session, self._requester, self._is_kept = session, requester, is_kept
        self._news: set[asyncio.Future[None]] = set()
        self._question: _Question | None = None
        self._idle_after = ""

    def publish_status(self, execution_state: str, **more: Any) -> None:
        """Tell all pages a state that the kernel itself cannot tell any more."""
        content = {"execution_state": execution_state, **more}
        message = messages.build("status", content, session=self._session)
        self.pass_on("iopub", message, Header(msg_type="status"), Header())
        self._audience.flush()

    def say(self, channel: str, msg_type: str, content: Mapping[str, Any], parent_header: bytes) -> None:
        """Tell the pages what the kernel does not, in answer to a request."""
        message = messages.build(msg_type, content, session=self._session, parent_header=parent_header)
        self.pass_on(channel, message, Header(msg_type=msg_type), messages.peek(parent_header))
        self._audience.flush()

    def reply(self, reply: WireMessage, parent: Header) -> None:
        """Pass on a reply that was made up for an execution of the sidecar before."""
        self.pass_on("shell", reply, Header(msg_type="execute_reply"), parent)
        self._audience.flush()

    def pass_on(self, channel: str, message: WireMessage, header: Header, parent: Header, *, count: int = 0) -> None:
        """Tell a message to whom it is for. ``count`` is the kernel's own number of it."""
        target = None if channel == "iopub" else self._target(parent)
        if channel == "stdin":
            asked = set(self._audience.sessions) if target is None else {target}
            self._question = _Question(parent, message, asked, is_for_all=target is None)
            self._question.sequence = self._journal.next_sequence()
        self._keep(channel, message, header, parent, target, count=count)
        if self._news:
            self._tell_news()

    def notice_loss(self, count: int) -> None:
        """The kernel's number of what came just now tells whether something before it is missing."""
        gap = self._kept.gap_before(count)
        if gap is not None:
            log.warning("output lost kernel_id=%s first=%d last=%d", self._kept.kernel_id, gap.first, gap.last)
            self._audience.tell_lost(gap)

    # What the kernel asks

    def ask_again(self, session: str, since: int | None) -> None:
        """Whoever comes while the kernel waits for input, and nobody who was asked is there, is asked."""
        question = self._question
        if question is None or any(asked in self._audience for asked in question.asked - {session}):
            return
        is_replayed = question.is_for_all and since is not None and since < question.sequence
        is_told = session in question.asked or is_replayed
        question.asked.add(session)
        if not is_told:
            self._keep("stdin", question.message, Header(msg_type="input_request"), question.parent, session)
            asyncio.get_running_loop().call_soon(self._audience.flush)  # the page is told first that it has joined

    def settle_question(self, msg_id: str | None = None) -> None:
        """It is answered, or the execution ``msg_id`` that asked is over."""
        if self._question is not None and msg_id in (None, self._question.parent.msg_id):
            self._question = None

    def question_of(self, msg_id: str) -> dict[str, Any] | None:
        """The content of the ``input_request`` that this execution waits at."""
        if self._question is None or self._question.parent.msg_id != msg_id:
            return None
        return object_of(self._question.message.content)

    # News

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

    def _target(self, parent: Header) -> str | None:
        """Whom an answer is for. What a page that has gone asked is answered to all: one may have its document open."""
        session = self._requester(parent.msg_id) or parent.session
        return session if session in self._audience else None

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
            self._journal.newest + 1,
            [channel.encode(), *message.signed_parts, *message.buffers],
            msg_type=header.msg_type,
            parent_id=parent.msg_id,
            target=target,
            count=count,
        )
        self._journal.append(entry)
        if not self._kept.is_dirty or self._journal.unsettled_bytes > SETTLE_BYTES:
            self._journals.touched(self._kept)
        if not self._is_kept and not self._audience:
            self._journal.shrink(0)
        self._audience.put(entry, may_wait=self._is_prelude(channel, message, header, parent))

    def _is_prelude(self, channel: str, message: WireMessage, header: Header, parent: Header) -> bool:
        """Whether more is sure to come in a moment: after *busy*, a cell's code, and a reply before *idle*."""
        if channel == "shell":
            return parent.msg_id != self._idle_after
        if header.msg_type == "status":
            if b'"idle"' in message.content:
                self._idle_after = parent.msg_id
            return b'"busy"' in message.content
        return header.msg_type == "execute_input"
