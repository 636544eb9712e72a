"""One kernel's journal on disk: segments of checksummed records, bounded, rotated, readable from any number on.

One thread writes, the event loop reads what has been written.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.journal import Gap
from flasknb.kernel_bridge.journal_records import RecordKind, entry_pieces, pack_fields
from flasknb.kernel_bridge.sidecar.journal_found import FORMAT, Found, found_segment
from flasknb.kernel_bridge.sidecar.journal_segment import Segment, SegmentReader

log = logging.getLogger(__name__)

SEGMENTS = 8  # of a full journal; one goes at a time
RESERVED_NUMBERS = 1_000_000  # given out before what carries them is written; skipped after a crash
BATCH_ENTRIES, BATCH_BYTES = 256, 256 * 1024  # written in one go


class JournalFile:
    """A ``Shelf``. ``write``, ``seal`` and ``drop_oldest`` in one thread; the rest in the event loop.

    Args:
        folder: private; files are ``<kernel id>.journal-<number>``, mode 0600.
        limit_bytes: bound of all segments together.
        retire: takes the descriptor of a segment that is full, and closes it.
    """

    def __init__(
        self,
        folder: Path,
        kernel_id: str,
        epoch: str,
        *,
        limit_bytes: int,
        retire: Callable[[int], None] = os.close,
    ) -> None:
        self._folder, self._kernel_id, self._epoch = folder, kernel_id, epoch
        self._limit_bytes, self._retire = limit_bytes, retire
        self._lock = threading.Lock()  # the list of segments
        self._segments: list[Segment] = []
        self._descriptor: int | None = None
        self._number = self._count = 0
        self.gaps: list[Gap] = []
        self.newest = 0
        self.reserved = 0
        self.is_broken = False

    # A Shelf

    @property
    def oldest(self) -> int | None:
        """Number of the oldest message on disk."""
        with self._lock:
            return self._segments[0].first if self._segments and self.newest >= self._segments[0].first else None

    @property
    def size_bytes(self) -> int:
        """What lies on disk."""
        with self._lock:
            return sum(segment.size_bytes for segment in self._segments)

    def read(self, after: int, limit_bytes: int) -> list[Entry]:
        """The entries after ``after``, about ``limit_bytes`` of them; fewer where the disk does not give them back."""
        entries: list[Entry] = []
        size = 0
        segments = self._segments_after(after)
        for segment, following in zip(segments, [*segments[1:], None], strict=True):
            reader = SegmentReader(segment)
            for entry in reader.entries(after):
                entries.append(entry)
                size += entry.size_bytes
                if size >= limit_bytes:
                    return entries
            if reader.is_damaged and following is not None:
                last = entries[-1].sequence if entries else after
                self._lose(segment, max(last, segment.first - 1) + 1, following.first - 1)
        return entries

    def _lose(self, segment: Segment, first: int, last: int) -> None:
        """Remember that a segment cannot be read to its end."""
        gap = Gap(first, last, is_certain=True)
        if first <= last and gap not in self.gaps:
            log.warning("journal is damaged path=%s first=%d last=%d", segment.path, first, last)
            self.gaps.append(gap)

    def forget(self) -> None:
        """Remove all files; what is written later begins anew."""
        self._close()
        with self._lock:
            gone, self._segments = self._segments, []
        for segment in gone:
            segment.path.unlink(missing_ok=True)

    # Writing

    def write(self, entries: Sequence[Entry], gaps: Sequence[Gap] = ()) -> None:
        """Append; the oldest segment goes where room runs out. Raises OSError: nothing more can be kept on disk."""
        begun = 0
        while begun < len(entries):
            if self._descriptor is None or self._segments[-1].size_bytes > self._limit_bytes // SEGMENTS:
                self._next_segment(entries[begun].first)
            begun += self._write_batch(entries[begun : begun + BATCH_ENTRIES])
        for gap in gaps:
            if self._descriptor is not None:
                self._flush(pack_fields(RecordKind.GAP, {"gap": [gap.first, gap.last, gap.is_certain]}))
            self.newest = max(self.newest, gap.last)
        if self.newest + RESERVED_NUMBERS // 2 > self.reserved:
            self.reserve()

    def _write_batch(self, entries: Sequence[Entry]) -> int:
        """Append the first of ``entries`` in one go, about BATCH_BYTES of them; returns how many.

        Each system call gives other threads the interpreter, so one for every entry would hold up the event loop.
        """
        pieces: list[bytes] = []
        count = size = 0
        for entry in entries:
            self._segments[-1].note_place(entry, self._segments[-1].size_bytes + size)
            made = entry_pieces(entry)
            pieces += made
            size += sum(map(len, made))
            count += 1
            if size > BATCH_BYTES:
                break
        self._flush(*pieces)
        self.newest = entries[count - 1].sequence
        self._count = next((entry.count for entry in reversed(entries[:count]) if entry.count), self._count)
        return count

    def reserve(self) -> None:
        """Say that numbers up to a million more may have been told."""
        if self._descriptor is None:
            self._next_segment(self.newest + 1)
            return
        self.reserved = self.newest + RESERVED_NUMBERS
        self._flush(pack_fields(RecordKind.HEAD, self._head()))

    def seal(self, *, was_idle: bool) -> None:
        """Say that nothing more was told, and bring it to the disk."""
        if self._descriptor is None:
            self._next_segment(self.newest + 1)
        self._flush(pack_fields(RecordKind.END, {"newest": self.newest, "was_idle": was_idle}))
        if self._descriptor is not None:
            os.fdatasync(self._descriptor)

    def duplicate(self) -> int | None:
        """A descriptor of the file that is written now, for ``journal_sync``; whoever asks closes it."""
        return None if self._descriptor is None else os.dup(self._descriptor)

    def drop_oldest(self, limit_bytes: int) -> None:
        """Remove the oldest segments until at most ``limit_bytes`` are left, but for the one that is written."""
        while self.size_bytes > limit_bytes and len(self._segments) > 1:
            with self._lock:
                gone = self._segments.pop(0)
            gone.path.unlink(missing_ok=True)

    # A predecessor's

    def load(self) -> Found | None:
        """What a dead sidecar wrote, up to the first damage; what follows that is cut off. ``None`` for nothing."""
        found = Found()
        paths = sorted(self._folder.glob(f"{self._kernel_id}.journal-*"))
        for path in paths:
            segment = found_segment(path, found, only_head=path is not paths[-1])
            if segment is None:
                path.unlink(missing_ok=True)
                continue
            self._segments.append(segment)
            self._number = int(path.name.rpartition("-")[2])
        if not found.epoch:
            self.forget()
            return None
        self._epoch, self.newest, self._count = found.epoch, found.newest, found.count
        self.reserved, self.gaps = found.reserved, found.gaps
        return found

    # Inside

    def _segments_after(self, after: int) -> list[Segment]:
        with self._lock:
            segments = list(self._segments)
        later = [index for index, segment in enumerate(segments) if segment.first > after + 1]
        return segments[max(0, (later[0] if later else len(segments)) - 1) :]

    def _next_segment(self, first: int) -> None:
        full, self._descriptor = self._descriptor, None
        if full is not None:
            self._retire(full)
        self._number += 1
        path = self._folder / f"{self._kernel_id}.journal-{self._number:06d}"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with self._lock:
            self._segments.append(Segment(path, first))
        self.reserved = max(self.newest, first) + RESERVED_NUMBERS
        self._flush(pack_fields(RecordKind.HEAD, self._head()))
        self.drop_oldest(self._limit_bytes)

    def _head(self) -> dict[str, Any]:
        gaps = [[gap.first, gap.last, gap.is_certain] for gap in self.gaps]
        first = self._segments[-1].first
        numbers = {"first": first, "newest": self.newest, "count": self._count, "reserved": self.reserved}
        return {"format": FORMAT, "epoch": self._epoch, **numbers, "gaps": gaps}

    def _flush(self, *pieces: bytes) -> None:
        if self._descriptor is None:
            return
        size = sum(map(len, pieces))
        written = os.writev(self._descriptor, pieces)
        rest = memoryview(b"".join(pieces))[written:] if written < size else memoryview(b"")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._segments[-1].size_bytes += size

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
