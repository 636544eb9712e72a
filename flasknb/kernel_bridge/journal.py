"""What a kernel has said lately, numbered. Pure: bounded by bytes, knows what it dropped."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from flasknb.kernel_bridge.frames import SEQUENCED_HEAD, Kind
from flasknb.kernel_bridge.ws_codec import join_head, split_parts

Missing = tuple[int, int] | Literal["unknown"] | None
"""First and last number that are gone for good; ``None`` for nothing; ``"unknown"`` where only a dead sidecar knew."""


@dataclass(frozen=True)
class Entry:
    """One message from a kernel.

    ``frame`` is the finished bridge frame, built once for all subscribers. ``target`` is the session a reply is for,
    ``None`` for everybody.
    """

    sequence: int
    channel: str
    msg_type: str
    parent_id: str
    target: str | None
    frame: bytes

    @classmethod
    def of(
        cls, sequence: int, parts: Sequence[bytes], *, msg_type: str, parent_id: str, target: str | None = None
    ) -> Entry:
        """The entry for ``[channel, header, parent_header, metadata, content, *buffers]``."""
        head = join_head(parts)
        length = SEQUENCED_HEAD.size - 4 + len(head) + sum(map(len, parts))
        frame = b"".join([SEQUENCED_HEAD.pack(length, Kind.MESSAGE, sequence), head, *parts])
        return cls(sequence, parts[0].decode(), msg_type, parent_id, target, frame)

    @property
    def parts(self) -> list[bytes]:
        """The parts it was made of, cut out anew."""
        return split_parts(self.frame[SEQUENCED_HEAD.size :])

    @property
    def size_bytes(self) -> int:
        """What keeping it costs."""
        return len(self.frame)


@dataclass(frozen=True)
class Replay:
    """An answer to ``since``: what is still there, and what is gone."""

    entries: Sequence[Entry]
    missing: Missing


def shrink_together(journals: Sequence[Journal], limit_bytes: int) -> None:
    """Keep at most ``limit_bytes`` in all: those above an even share give way."""
    if sum(journal.kept_bytes for journal in journals) > limit_bytes:
        for journal in journals:
            journal.shrink(limit_bytes // len(journals))


class Journal:
    """The newest entries of one kernel, at most ``limit_bytes`` of them. One caller at a time.

    ``epoch`` names one run of numbers: they begin at 1 with every new epoch.

    Args:
        limit_bytes: bound of what is kept.
        has_past: the kernel ran before, under a sidecar that died and whose numbers nobody knows.
    """

    def __init__(self, *, limit_bytes: int, epoch: str | None = None, has_past: bool = False) -> None:
        self.epoch = epoch or uuid.uuid4().hex
        self._has_past = has_past
        self.newest = 0
        self._limit_bytes = limit_bytes
        self.kept_bytes = 0
        self._entries: deque[Entry] = deque()

    @property
    def oldest(self) -> int:
        """Number of the oldest entry kept; one past ``newest`` when nothing is."""
        return self._entries[0].sequence if self._entries else self.newest + 1

    def next_sequence(self) -> int:
        """The number that the next entry must carry."""
        return self.newest + 1

    def append(self, entry: Entry) -> None:
        """Keep ``entry``, which carries ``next_sequence()``, and let the oldest go where bytes run out."""
        if entry.sequence != self.newest + 1:
            raise ValueError(f"entry {entry.sequence} does not follow {self.newest}")
        self.newest = entry.sequence
        self._entries.append(entry)
        self.kept_bytes += entry.size_bytes
        self.shrink(self._limit_bytes)

    def shrink(self, limit_bytes: int) -> None:
        """Let the oldest entries go until at most ``limit_bytes`` are kept."""
        while self.kept_bytes > limit_bytes and self._entries:
            self.kept_bytes -= self._entries.popleft().size_bytes

    def since(self, sequence: int, *, epoch: str | None, session: str | None) -> Replay:
        """Everything after ``sequence`` that concerns ``session`` (``None``: anybody), and what can no longer be told.

        A foreign ``epoch`` gets all that is kept. Where the kernel has a past something may be missing; otherwise the
        number is of another kernel. A number from the future is taken as the newest.
        """
        is_foreign = epoch is not None and epoch != self.epoch
        after = 0 if is_foreign else max(sequence, 0)
        kept = [entry for entry in self._after(after) if session is None or entry.target in (None, session)]
        if is_foreign and self._has_past:
            return Replay(kept, "unknown")
        gap = (after + 1, self.oldest - 1)
        return Replay(kept, gap if gap[0] <= gap[1] else None)

    def _after(self, sequence: int) -> Sequence[Entry]:
        skip = bisect_right(range(self.oldest, self.newest + 1), sequence)
        return list(islice(self._entries, skip, None))
