"""Everybody who listens to one kernel, and what those who come back have missed."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from flasknb.kernel_bridge.bridge import STALE, Joined
from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.fanout import SubscriberQueue
from flasknb.kernel_bridge.journal import Gap, Journal
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.rate_limits import RateLimits
from flasknb.kernel_bridge.sidecar.subscriber import Outlet, Subscriber

log = logging.getLogger(__name__)

SESSIONS_REMEMBERED = 64
PRELUDE_S = 0.01  # what is sure to be followed by more waits so long for it, so that they travel together


class Audience:
    """The subscribers of one kernel, by session. Event loop only.

    Args:
        on_message: called with subscriber and payload of everything that a page sends; returns the request's id.
        on_change: called when somebody comes or leaves.
        held_ids: ids of the requests that the kernel has not got yet.
    """

    def __init__(
        self,
        journal: Journal,
        options: KernelSidecar,
        limits: RateLimits,
        on_message: Callable[[Subscriber, bytes], str],
        *,
        on_change: Callable[[], None] = lambda: None,
        held_ids: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._journal, self._options, self._limits, self._on_message = journal, options, limits, on_message
        self._on_change, self._held_ids = on_change, held_ids
        self._subscribers: dict[str, Subscriber] = {}
        self._left: OrderedDict[str, int] = OrderedDict()
        self._pending: list[Entry] = []
        self._may_wait = True
        self._soon: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def sessions(self) -> Collection[str]:
        """Who listens."""
        return self._subscribers.keys()

    def __contains__(self, session: object) -> bool:
        return session in self._subscribers

    @property
    def furthest(self) -> tuple[int, int]:
        """How many bytes wait for the page that has got most, and the number of the last message it has got."""
        furthest = (sys.maxsize, 0)
        for page in self._subscribers.values():
            backlog_bytes = page.backlog_bytes
            if backlog_bytes == 0:
                return 0, page.sent
            furthest = min(furthest, (backlog_bytes, page.sent))
        return furthest if self._subscribers else (0, 0)

    def join(
        self, session: str, outlet: Outlet, *, since: int | None, epoch: str | None, takes_notes: bool = False
    ) -> tuple[Joined, Subscriber]:
        """Let a session listen. An older connection of the same session is closed.

        With ``since`` what came after it is sent first; without, what the same session had not got when it left.
        """
        self._deliver()  # whoever comes reads it in the journal
        stale = self._subscribers.pop(session, None)
        if stale is not None:
            log.info("stale connection replaced")
            self._left[session] = stale.sent
            stale.end(STALE)
        soft_bytes = 0 if self._limits.is_on else self._options.queue_soft_bytes
        after, asked_epoch = self._known_by(session, since, epoch)
        after, missing = self._journal.missing_after(after, epoch=asked_epoch)
        subscriber = Subscriber(
            session,
            SubscriberQueue(soft_bytes=soft_bytes),
            outlet,
            self._journal,
            after=after,
            hard_bytes=self._options.queue_hard_bytes,
            limits=self._limits,
            takes_notes=takes_notes,
        )
        joined = Joined(self._journal.epoch, self._journal.newest, missing, confirms=takes_notes)
        subscriber.on_message = lambda payload: self._hear(subscriber, payload)
        subscriber.on_close = lambda: self._leave(subscriber)
        self._subscribers[session] = subscriber
        self._on_change()
        return joined, subscriber

    def tell_lost(self, gap: Gap) -> None:
        """Say to those who came back that something was lost meanwhile."""
        for subscriber in self._subscribers.values():
            subscriber.tell_lost(gap)

    def put(self, entry: Entry, *, may_wait: bool = False) -> None:
        """Take ``entry``, which is in the journal, for everybody whom it concerns, until ``flush``.

        Args:
            may_wait: another one is sure to follow in a moment.
        """
        if not may_wait:
            self._may_wait = False
        if self._subscribers:
            self._pending.append(entry)

    def flush_soon(self) -> None:
        """Write what is queued, unless all of it may wait: then in PRELUDE_S, or with what follows."""
        if not self._may_wait:
            self.flush()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(PRELUDE_S, self.flush)

    def flush(self) -> None:
        """Write what is queued."""
        self._may_wait = True
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        self._deliver()

    def confirm(self) -> None:
        """The kernel has got requests that waited."""
        takers = [subscriber for subscriber in self._subscribers.values() if subscriber.takes_notes]
        if takers:
            held_ids = self._held_ids()
            for subscriber in takers:
                subscriber.confirm(held_ids)

    def note(self, make: Callable[[], Mapping[str, Any]]) -> None:
        """Tell those who want notes what ``make`` returns; only the newest of each reader that is behind."""
        takers = [subscriber for subscriber in self._subscribers.values() if subscriber.takes_notes]
        if takers:
            self.flush()
            note = make()
            for subscriber in takers:
                subscriber.note(note)

    def end(self, reason: str) -> None:
        """Let everybody go, after what is queued."""
        self.flush()
        for subscriber in list(self._subscribers.values()):
            subscriber.end(reason)

    def _deliver(self) -> None:
        if self._pending:
            pending, self._pending = self._pending, []
            for subscriber in list(self._subscribers.values()):
                subscriber.deliver(pending)

    def _hear(self, subscriber: Subscriber, payload: bytes) -> None:
        msg_id = self._on_message(subscriber, payload)
        if subscriber.takes_notes:
            subscriber.took(msg_id, self._held_ids())

    def _known_by(self, session: str, since: int | None, epoch: str | None) -> tuple[int, str | None]:
        """The last number that a session has, and of which epoch: as it says, or what it was sent when it left."""
        left_at = self._left.pop(session, None)
        if since is not None:
            return since, epoch
        return (self._journal.newest if left_at is None else left_at), None

    def _leave(self, subscriber: Subscriber) -> None:
        if self._subscribers.get(subscriber.session) is subscriber:
            del self._subscribers[subscriber.session]
            self._on_change()
            self._left[subscriber.session] = subscriber.sent
            if len(self._left) > SESSIONS_REMEMBERED:
                self._left.popitem(last=False)
