"""What pages ask of one kernel: checked, remembered until answered. Whose turn it is on the shell is in ``turns``."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.messages import BadMessage, WireMessage
from flasknb.kernel_bridge.ws_codec import CHANNELS, HEAD_PARTS, BadFrame, split_parts

REQUESTS_REMEMBERED = 10_000
HELD_BYTES = 256 * 1024 * 1024
HELD_CHANNELS = frozenset({"control"})
FROM_PAGES = CHANNELS - {"iopub"}
SUBSHELL = b'"subshell_id":"'  # with and without a space: one look for most messages, which have none
SUBSHELL_SPACED = b'"subshell_id": "'


@dataclass(slots=True)
class PageRequest:
    """One message on its way to the kernel. Nobody changes it."""

    channel: str
    msg_type: str
    message: WireMessage
    size_bytes: int
    msg_id: str = ""
    session: str = ""
    is_beside: bool = False
    """It is for a subshell."""


class PageRequests:
    """The requests of all pages of one kernel. Event loop only.

    A kernel that starts runs a request as soon as its shell socket is there, and what it prints is lost when its iopub
    has not been heard yet. So requests wait until it has: those of the control channel here, the others in ``turns``.

    Args:
        allowed_types: message types that pages may send; empty for all.
        send: passes one request on.
        send_shell: takes those of the shell channel.
        is_new: whether a request with this id has not come before.
    """

    def __init__(
        self,
        allowed_types: Sequence[str],
        send: Callable[[PageRequest], None],
        send_shell: Callable[[PageRequest], None],
        is_new: Callable[[str], bool] = lambda msg_id: True,
    ) -> None:
        self._is_new = is_new
        self._allowed = frozenset(allowed_types)
        self._send, self._send_shell = send, send_shell
        self._requesters: OrderedDict[str, str] = OrderedDict()
        self._held: deque[PageRequest] = deque()
        self._held_bytes = 0
        self.are_held = True

    def requester(self, msg_id: str) -> str | None:
        """The session that sent the request with this id."""
        return self._requesters.get(msg_id)

    def take(self, payload: bytes, session: str, *, may_repeat: bool = False) -> str:
        """Pass on, or hold, what a page of ``session`` sent; returns the message's id.

        Args:
            may_repeat: the page sends again what it does not know to have arrived; the second time is no request.

        Raises:
            BadMessage: the kernel must not get this.
        """
        request = self.read(payload, session)
        if may_repeat and not self._is_new(request.msg_id):
            return request.msg_id
        self.remember(request.msg_id, session)
        if request.channel == "shell":
            self._send_shell(request)
        elif self.are_held and request.channel in HELD_CHANNELS:
            self._hold(request)
        else:
            self._send(request)
        return request.msg_id

    def read(self, payload: bytes, session: str) -> PageRequest:
        """The request in a v1 payload. Raises BadMessage: the kernel must not get this."""
        try:
            parts = split_parts(payload)
        except BadFrame as error:
            raise BadMessage(str(error)) from error
        header = messages.peek(parts[1])
        channel = parts[0].decode(errors="replace") or "shell"
        if channel not in FROM_PAGES or (self._allowed and header.msg_type not in self._allowed):
            raise BadMessage(f"{header.msg_type[:80]!r} on channel {channel[:80]!r}")
        message = WireMessage(parts[1], parts[2], parts[3], parts[4], parts[HEAD_PARTS:])
        is_beside = SUBSHELL in message.header or SUBSHELL_SPACED in message.header
        return PageRequest(
            channel, header.msg_type, message, len(payload), msg_id=header.msg_id, session=session, is_beside=is_beside
        )

    def hold(self) -> None:
        """From now on keep requests until ``release``."""
        self.are_held = True

    def release(self) -> None:
        """Pass on what was held, in order."""
        self.are_held = False
        while self._held:
            self._send(self._held.popleft())
        self._held_bytes = 0

    def forget(self) -> None:
        """Drop what is held, and who asked for what: the process they were for is gone."""
        self._requesters.clear()
        self._held.clear()
        self._held_bytes = 0

    def _hold(self, request: PageRequest) -> None:
        if self._held_bytes + request.size_bytes > HELD_BYTES:
            raise BadMessage(
                f"{request.msg_type[:80]!r}: {self._held_bytes} bytes wait already for the kernel to start"
            )
        self._held.append(request)
        self._held_bytes += request.size_bytes

    def remember(self, msg_id: str, session: str) -> None:
        """The answers to this request are for ``session``."""
        self._requesters[msg_id] = session
        if len(self._requesters) > REQUESTS_REMEMBERED:
            self._requesters.popitem(last=False)
