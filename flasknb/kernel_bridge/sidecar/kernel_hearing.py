"""What comes from one kernel, message by message: checked, its meaning noted, passed on to the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from flasknb.kernel_bridge import messages, ws_codec
from flasknb.kernel_bridge.execution_queue import EXECUTE
from flasknb.kernel_bridge.frames import MAX_FRAME_BYTES
from flasknb.kernel_bridge.messages import BadMessage, Header, WireMessage
from flasknb.kernel_bridge.sidecar.inherited_replies import InheritedReplies
from flasknb.kernel_bridge.sidecar.journals import KernelJournal
from flasknb.kernel_bridge.sidecar.kernel_line import KernelLine
from flasknb.kernel_bridge.sidecar.kernel_voice import KernelVoice
from flasknb.kernel_bridge.sidecar.page_requests import PageRequests
from flasknb.kernel_bridge.sidecar.readiness import Readiness
from flasknb.kernel_bridge.sidecar.sockets import HOLD_TOPIC, count_of
from flasknb.kernel_bridge.sidecar.turns import Turns
from flasknb.kernel_bridge.tracebacks import without_traceback

HEAD_BYTES = 1024 * 1024  # more than comes before the parts of a message on its way to a page
MAX_BYTES, MAX_PARTS = MAX_FRAME_BYTES - HEAD_BYTES, ws_codec.MAX_PARTS - 8
TOO_LARGE = (
    "The kernel sent a message that is too large for a page, and it was left out:"
    f" more than {MAX_FRAME_BYTES // 1024**2} MB, or more than {MAX_PARTS} parts."
)
WELCOME = "iopub_welcome"  # not one of the kernel's numbered messages


@dataclass(frozen=True)
class HearingNeeds:
    """What the kernel's other parts are told, and asked.

    Args:
        note_activity: called with header, parent's header and message of all iopub but answers to a probe.
        heard_first: called when the first thing was published.
        refuse: called with what is wrong about a message.
        traceback_words: what stands where a traceback would; ``None`` where tracebacks are shown.
    """

    note_activity: Callable[[Header, Header, WireMessage], None]
    heard_first: Callable[[], None]
    refuse: Callable[[str], None]
    traceback_words: str | None


class KernelHearing:
    """Event loop only."""

    def __init__(
        self,
        line: KernelLine,
        voice: KernelVoice,
        requests: PageRequests,
        turns: Turns,
        *,
        readiness: Readiness,
        kept: KernelJournal,
        inherited: InheritedReplies | None,
        needs: HearingNeeds,
    ) -> None:
        self._line, self._voice, self._requests, self._turns = line, voice, requests, turns
        self._readiness, self._kept, self._inherited, self._needs = readiness, kept, inherited, needs
        self._parent_header, self._parent = b"{}", Header()

    def take(self, channel: str, frames: Sequence[bytes]) -> None:
        """One message, as ZMQ frames."""
        if frames and frames[0].startswith(HOLD_TOPIC):
            self._line.holds.set()
            return
        try:
            header, message = self._checked(channel, frames)
        except BadMessage as error:
            self._needs.refuse(f"from the kernel: {error}")
            return
        count = 0
        parent = self._parent
        if channel == "iopub":
            if self._readiness.listens:
                self._hear_iopub(parent)
            count = count_of(frames)
            self._look_for_loss(header, count)
            if parent.session == self._line.probe_session:
                return
            self._needs.note_activity(header, parent, message)
        elif parent.session == self._line.probe_session:
            return
        elif parent.session == self._line.own_session:
            self._hear_answer(header, message)
            return
        if self._needs.traceback_words is not None:
            content = without_traceback(header.msg_type, message.content, self._needs.traceback_words)
            message = message._replace(content=content)
        self._voice.pass_on(channel, message, header, parent, count=count)
        if parent.msg_type == EXECUTE:
            self._hear_execution(channel, header, parent, message)

    def _checked(self, channel: str, frames: Sequence[bytes]) -> tuple[Header, WireMessage]:
        """Header and message, surely the kernel's and fit for a page; notes its parent. Raises BadMessage."""
        message = self._line.signer.unpack(frames)
        header = messages.peek(message.header)
        if message.parent_header != self._parent_header:  # all that is said about one request has the same
            self._parent, self._parent_header = messages.peek(message.parent_header), message.parent_header
        if sum(map(len, frames)) > MAX_BYTES or len(frames) > MAX_PARTS:
            header, message = self._cut_short(channel, header, message)
        _, _, metadata, content, _ = message
        is_ascii = content.isascii() and metadata.isascii()
        if not is_ascii and not (messages.is_utf8(content) and messages.is_utf8(metadata)):
            raise BadMessage("a kernel message is not UTF-8")
        return header, message

    def _cut_short(self, channel: str, header: Header, message: WireMessage) -> tuple[Header, WireMessage]:
        """What stands in the place of a message that no page could take: nobody must wait for it for ever."""
        self._needs.refuse(f"from the kernel: {TOO_LARGE}")
        if channel == "iopub":
            text = {"name": "stderr", "text": f"[flasknb] {TOO_LARGE}\n"}
            told = messages.build("stream", text, session=header.session, parent_header=message.parent_header)
            return messages.peek(told.header), told
        error = {"status": "error", "ename": "MessageTooLarge", "evalue": TOO_LARGE, "traceback": list[str]()}
        return header, message._replace(content=orjson.dumps(error), metadata=b"{}", buffers=())

    def _hear_iopub(self, parent: Header) -> None:
        """Before the process is known to be heard."""
        if self._readiness.hear_iopub(is_answer=parent.session == self._line.own_session):
            self._needs.heard_first()

    def _look_for_loss(self, header: Header, count: int) -> None:
        kept = self._kept
        if kept.inherited is None and count == kept.last_count + 1:
            kept.last_count = count
        elif count or (kept.inherited is not None and header.msg_type != WELCOME):
            self._voice.notice_loss(count)

    def _hear_answer(self, header: Header, message: WireMessage) -> None:
        """To a question of ours."""
        if header.msg_type == "kernel_info_reply":
            self._readiness.heard_info(message.content)
            self._turns.heard_free()

    def _hear_execution(self, channel: str, header: Header, parent: Header, message: WireMessage) -> None:
        inherited = self._inherited
        if inherited is not None and (inherited.has(parent.msg_id) or self._requests.requester(parent.msg_id) is None):
            inherited.hear(channel, header, parent, message)
        if channel == "shell" and header.msg_type == "execute_reply":
            self._voice.settle_question(parent.msg_id)
            self._turns.heard_reply(parent.msg_id, message.content)
        elif header.msg_type == "status" and b'"idle"' in message.content:
            self._turns.heard_idle(parent.msg_id)
