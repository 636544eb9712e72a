"""What a kernel has said, numbered. Pure: bounded by bytes, knows what it dropped; older entries may lie on a disk.

New entries stay as they came for a moment. Then they are *settled*: folded by the rules of ``fanout``, so that a long
history takes little room and is told quickly. Folded text remembers where each message ended, so that whoever comes
back gets exactly what it has not seen.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.fanout import folded

Missing = tuple[int, int] | Literal["unknown"] | None
"""First and last number that are gone for good; ``None`` for nothing; ``"unknown"`` where only a dead sidecar knew."""

SLACK_BYTES = 1024 * 1024  # so that not every entry of a full journal makes it let one go
REFOLDED_BYTES = 64 * 1024  # a settled entry below this is folded once more with what follows


@dataclass(frozen=True)
class Gap:
    """Numbers that no page will ever see. ``is_certain``: something was lost; else it may have been."""

    first: int
    last: int
    is_certain: bool


@dataclass(frozen=True)
class Replay:
    """An answer to ``since``: what is still there, and what is gone."""

    entries: Sequence[Entry]
    missing: Missing


@dataclass(frozen=True)
class Page:
    """A piece of what was said: the entries that were asked for, and the number up to which they tell the story."""

    entries: Sequence[Entry]
    upto: int


class Shelf(Protocol):
    """Where settled entries go that memory has no room for."""

    @property
    def oldest(self) -> int | None:
        """Number of the oldest message that can be read; ``None`` for nothing."""

    @property
    def newest(self) -> int:
        """Everything up to this number may leave memory."""

    def read(self, after: int, limit_bytes: int) -> list[Entry]:
        """The entries after ``after``, in order, about ``limit_bytes`` of them; at least one if there is any."""


class NoShelf:
    """Nothing is kept but in memory."""

    oldest: int | None = None

    def __init__(self) -> None:
        self.newest = 2**63

    def read(self, after: int, limit_bytes: int) -> list[Entry]:
        """Nothing."""
        return []


def shrink_together(journals: Sequence[Journal], limit_bytes: int) -> None:
    """Keep at most ``limit_bytes`` of memory in all: those above an even share give way."""
    if sum(journal.kept_bytes for journal in journals) > limit_bytes:
        for journal in journals:
            journal.shrink(limit_bytes // len(journals))


class Journal:
    """The newest entries of one kernel, at most ``limit_bytes`` of them in memory. One caller at a time.

    ``epoch`` names one run of numbers: they begin at 1 with every new epoch.

    Args:
        limit_bytes: bound of what is kept in memory.
        has_past: the kernel ran before, under a sidecar that died and whose numbers nobody knows.
        newest: number of the last message of this epoch, told before.
    """

    def __init__(self, *, limit_bytes: int, epoch: str | None = None, has_past: bool = False, newest: int = 0) -> None:
        self.epoch = epoch or uuid.uuid4().hex
        self._has_past = has_past
        self.newest = newest
        self._limit_bytes = limit_bytes
        self.kept_bytes = 0
        self.unsettled_bytes = 0
        self.gaps: list[Gap] = []
        self.shelf: Shelf = NoShelf()
        self._settled: list[Entry] = []
        self._unsettled: list[Entry] = []
        self._dropped = newest  # everything up to here has left memory

    @property
    def oldest(self) -> int:
        """Number of the oldest message kept; one past ``newest`` when none is."""
        shelved = self.shelf.oldest
        return self._dropped + 1 if shelved is None else min(shelved, self._dropped + 1)

    @property
    def in_memory_after(self) -> int:
        """Everything after this number is in memory."""
        return self._dropped

    def next_sequence(self) -> int:
        """The number that the next entry must carry."""
        return self.newest + 1

    def append(self, entry: Entry) -> None:
        """Keep ``entry``, which carries ``next_sequence()``, and let the oldest go where bytes run out."""
        if entry.sequence != self.newest + 1:
            raise ValueError(f"entry {entry.sequence} does not follow {self.newest}")
        self.newest = entry.sequence
        self._unsettled.append(entry)
        size = len(entry.frame) + len(entry.rest) + len(entry.cuts)
        self.unsettled_bytes += size
        self.kept_bytes += size
        if self.kept_bytes > self._limit_bytes:
            is_large = self._limit_bytes > 16 * SLACK_BYTES
            self.shrink(self._limit_bytes - is_large * SLACK_BYTES)

    def skip(self, count: int, *, is_certain: bool) -> Gap:
        """Leave out ``count`` numbers: so many messages were lost, or may have been."""
        gap = Gap(self.newest + 1, self.newest + count, is_certain)
        self.settle()
        self.newest = gap.last
        self.gaps.append(gap)
        return gap

    def settle(self) -> list[Entry]:
        """Fold what has come since the last time; returns the result."""
        if not self._unsettled:
            return []
        self.kept_bytes -= self.unsettled_bytes
        settled = folded(self._unsettled)
        self._unsettled, self.unsettled_bytes = [], 0
        tail = [self._settled.pop()] if self._settled and _is_small_text(self._settled[-1]) else []
        self.kept_bytes -= sum(entry.size_bytes for entry in tail)
        kept = folded([*tail, *settled]) if tail else settled
        self._settled += kept
        self.kept_bytes += sum(entry.size_bytes for entry in kept)
        return settled

    def shrink(self, limit_bytes: int) -> None:
        """Let the oldest entries go until at most ``limit_bytes`` are in memory."""
        if self.kept_bytes > limit_bytes:
            self._drop_from(self._settled, limit_bytes)
        if self.kept_bytes > limit_bytes:
            self.unsettled_bytes -= self._drop_from(self._unsettled, limit_bytes)

    def missing_after(self, sequence: int, *, epoch: str | None) -> tuple[int, Missing]:
        """Where a page goes on that knows everything up to ``sequence``, and what of the rest can no longer be told.

        A foreign ``epoch`` gets all that is kept. Where the kernel has a past something may be missing; otherwise the
        number is of another kernel. A number from the future is taken as the newest.
        """
        is_foreign = epoch is not None and epoch != self.epoch
        after = 0 if is_foreign else min(max(sequence, 0), self.newest)
        if is_foreign and self._has_past:
            return after, "unknown"
        return after, self.missing_between(after, self.newest)

    def read(self, after: int, session: str | None, *, limit_bytes: int) -> Page:
        """What came after ``after`` and concerns ``session`` (``None``: anybody), about ``limit_bytes`` of it."""
        found = self._from_memory(after) if after >= self._dropped else self.shelf.read(after, limit_bytes)
        entries: list[Entry] = []
        size = 0
        for entry in found:
            if size >= limit_bytes:
                break
            after_this = entry.after(after)
            if after_this is not None:
                entries.append(after_this)
                size += after_this.size_bytes
        upto = entries[-1].sequence if entries and size >= limit_bytes else self._reached(after, entries)
        return Page([entry for entry in entries if session is None or entry.target in (None, session)], upto)

    def since(self, sequence: int, *, epoch: str | None, session: str | None) -> Replay:
        """Everything after ``sequence`` that concerns ``session`` (``None``: anybody), at once."""
        after, missing = self.missing_after(sequence, epoch=epoch)
        entries: list[Entry] = []
        while after < self.newest:
            page = self.read(after, session, limit_bytes=2**62)
            entries += page.entries
            after = page.upto
        return Replay(entries, missing)

    def _reached(self, after: int, entries: Sequence[Entry]) -> int:
        """How far ``entries``, which are all that was found after ``after``, tell the story."""
        if after >= self._dropped:
            return self.newest
        return max(entries[-1].sequence, after + 1) if entries else self._dropped

    def _from_memory(self, after: int) -> list[Entry]:
        settled = self._settled[bisect_right(self._settled, after, key=_sequence) :]
        return settled + self._unsettled[bisect_right(self._unsettled, after, key=_sequence) :]

    def missing_between(self, after: int, upto: int) -> Missing:
        """What of the numbers after ``after`` and up to ``upto`` is lost."""
        lost = [gap for gap in self.gaps if gap.first <= upto and gap.last > after]
        if after + 1 < self.oldest:
            lost.append(Gap(after + 1, min(self.oldest - 1, upto), is_certain=True))
        # who has seen some of it, from a sidecar that could not write it any more, may have seen all
        certain = [gap for gap in lost if gap.is_certain and gap.first > after]
        if not certain:
            return "unknown" if lost else None
        first, last = min(gap.first for gap in certain), max(gap.last for gap in certain)
        return max(first, after + 1), min(last, upto)

    def _drop_from(self, entries: list[Entry], limit_bytes: int) -> int:
        """Let the first of ``entries`` go, but for what must be put on the shelf before; returns how many bytes."""
        dropped = size = 0
        for entry in entries:
            if self.kept_bytes - size <= limit_bytes or entry.sequence > self.shelf.newest:
                break
            size += entry.size_bytes
            dropped += 1
        if dropped:
            self._dropped = entries[dropped - 1].sequence
            del entries[:dropped]
            self.kept_bytes -= size
        return size


def _sequence(entry: Entry) -> int:
    return entry.sequence


def _is_small_text(entry: Entry) -> bool:
    return entry.msg_type == "stream" and entry.size_bytes < REFOLDED_BYTES
