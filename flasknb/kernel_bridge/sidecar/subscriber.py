"""One websocket as the sidecar sees it: a queue and the connection that empties it."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.fanout import SubscriberQueue, stderr_notice
from flasknb.kernel_bridge.frames import Kind, pack_json
from flasknb.kernel_bridge.journal import Gap, Journal, Missing
from flasknb.kernel_bridge.rate_limits import FlowLimiter, RateLimits

BATCH_BYTES = 256 * 1024
DIRECT_ENTRIES = 64  # that are sent without going through the queue
CATCH_UP_BYTES = 4 * 1024 * 1024
CONFIRM_S = 0.05  # a confirmation waits so long for output that it can travel with


LEFT_OUT = "\n[flasknb] Output is left out here: it is no longer kept.\n"


class Outlet(Protocol):
    """Where a subscriber's frames go. What a large one ends with comes as a frame of its own (``Entry.rest``)."""

    @property
    def is_clogged(self) -> bool: ...

    def write(self, *frames: bytes) -> None: ...

    def end(self, reason: str) -> None: ...


class Subscriber:
    """A session that joined a kernel. Event loop only.

    What its queue has no room for it reads from the journal later, as it does with what it missed before it joined: it
    is *behind* then.

    Args:
        journal: what the kernel has said.
        after: number of the last message that its page has; everything later is sent.
        hard_bytes: backlog at which nothing more is queued.
        limits: how much output it may be sent.
        takes_notes: its page wants to know what has arrived, and what is lost.
    """

    def __init__(
        self,
        session: str,
        queue: SubscriberQueue,
        outlet: Outlet,
        journal: Journal,
        *,
        after: int,
        hard_bytes: int,
        limits: RateLimits,
        takes_notes: bool = False,
    ) -> None:
        self.session, self.takes_notes = session, takes_notes
        self._queue, self._hard_bytes = queue, hard_bytes
        self._outlet = outlet
        self._journal = journal
        self._joined_after = self._queued_upto = self.sent = after
        self._told_upto = journal.newest
        self._is_behind = after < journal.newest
        self._limiter = FlowLimiter(limits) if limits.is_on else None
        self._later: asyncio.TimerHandle | None = None
        self._arrived = 0
        self._taken: deque[str] = deque()
        self._confirming: asyncio.TimerHandle | None = None
        self._note: Mapping[str, Any] | None = None
        self.on_message: Callable[[bytes], None] = lambda payload: None
        self.on_close: Callable[[], None] = lambda: None

    @property
    def backlog_bytes(self) -> int:
        """What waits for its page; more than any bound where it reads from the journal."""
        return sys.maxsize if self._is_behind else self._queue.backlog_bytes

    def put(self, entry: Entry) -> None:
        """Queue ``entry``, which is in the journal, where it is for everybody or for this session."""
        if self._is_behind or entry.sequence <= self._queued_upto:
            return
        self._queued_upto = entry.sequence
        if entry.target is None or entry.target == self.session:
            self._queue.put(entry)
            self._is_behind = self._queue.backlog_bytes > self._hard_bytes

    def deliver(self, entries: Sequence[Entry]) -> None:
        """Send ``entries``, which are in the journal: at once where nothing waits, else behind what does."""
        is_free = not (self._is_behind or self._queue or self._limiter is not None or self._outlet.is_clogged)
        if is_free and len(entries) <= DIRECT_ENTRIES:
            frames = _frames([entry for entry in entries if entry.target is None or entry.target == self.session])
            if entries[0].sequence > self._queued_upto and sum(map(len, frames)) <= BATCH_BYTES:
                self._queued_upto = self.sent = entries[-1].sequence
                self._write_frames(frames)
                return
        for entry in entries:
            self.put(entry)
        self.flush()

    def flush(self) -> None:
        """Write until the queue is empty or the connection is clogged; a clogged one calls again when it is free."""
        if self._limiter is not None and self._is_held(self._limiter):
            return
        while not self._outlet.is_clogged:
            if self._is_behind and not self._queue:
                self._catch_up()
            entries = self._queue.take(BATCH_BYTES)
            if not (entries or self._is_behind):
                break
            if entries:
                self.sent = max(self.sent, entries[-1].sequence)
                if self._limiter is not None:
                    entries = self._limiter.passed(entries, asyncio.get_running_loop().time())
                self._write_frames(_frames(entries))
        if self._note is not None:
            self._write_note()

    def tell_lost(self, gap: Gap) -> None:
        """Some of what its page expects was lost in a time before it came back."""
        if self._joined_after < gap.first and self.takes_notes:
            self._tell((gap.first, gap.last) if gap.is_certain else "unknown")

    def _write_frames(self, frames: list[bytes]) -> None:
        if self._confirming is not None:
            frames = [self._confirmation(), *frames]
        if frames:
            self._outlet.write(*frames)

    def _catch_up(self) -> None:
        """Queue the next piece from the journal."""
        after = self._queued_upto
        page = self._journal.read(after, self.session, limit_bytes=CATCH_UP_BYTES)
        missing = self._journal.missing_between(max(after, self._told_upto), page.upto)
        if missing is not None and self.takes_notes:
            self._tell(missing)
        elif missing is not None and page.entries:
            self._queue.put(stderr_notice(page.entries[0], LEFT_OUT))
        for entry in page.entries:
            self._queue.put(entry)
        self._queued_upto = page.upto
        self._is_behind = page.upto < self._journal.newest

    def _tell(self, missing: Missing) -> None:
        self._outlet.write(pack_json(Kind.EVENT, {"missing": missing}))

    def took(self, msg_id: str, held_ids: Collection[str]) -> None:
        """One more request of the page has come. It is confirmed once it, and all before it, are held here no more."""
        self._taken.append(msg_id)
        self.confirm(held_ids)

    def confirm(self, held_ids: Collection[str]) -> None:
        """Tell the page soon how many of its requests a death of this process cannot lose any more."""
        before = self._arrived
        while self._taken and self._taken[0] not in held_ids:
            self._taken.popleft()
            self._arrived += 1
        if self._arrived > before and self.takes_notes and self._confirming is None:
            loop = asyncio.get_running_loop()
            self._confirming = loop.call_later(CONFIRM_S, lambda: self._outlet.write(self._confirmation()))

    def _confirmation(self) -> bytes:
        """The note that says how many requests have arrived, where the page does not know yet."""
        if self._confirming is None:
            return b""
        self._confirming.cancel()
        self._confirming = None
        return pack_json(Kind.EVENT, {"arrived": self._arrived})

    def note(self, note: Mapping[str, Any]) -> None:
        """Tell how the queue is, as soon as the connection takes it; what was not told yet is out of date."""
        self._note = note
        self._write_note()

    def _write_note(self) -> None:
        if self._note is not None and not self._outlet.is_clogged:
            note, self._note = self._note, None
            self._outlet.write(pack_json(Kind.EVENT, note))

    def end(self, reason: str) -> None:
        """Close the connection after what was written."""
        if self._confirming is not None:
            self._outlet.write(self._confirmation())
        self._outlet.end(reason)

    def _is_held(self, limiter: FlowLimiter) -> bool:
        """Whether output waits, and merges, for a moment; then ``flush`` is called again."""
        loop = asyncio.get_running_loop()
        if self._later is not None and self._later.when() > loop.time():
            return True
        hold_s = limiter.hold_s(loop.time())
        self._later = loop.call_later(hold_s, self.flush) if hold_s > 0 else None
        return hold_s > 0


def _frames(entries: Sequence[Entry]) -> list[bytes]:
    frames: list[bytes] = []
    for entry in entries:
        frames.append(entry.frame)
        if entry.rest:
            frames.append(entry.rest)
    return frames
