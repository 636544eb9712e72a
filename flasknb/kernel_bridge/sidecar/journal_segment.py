"""One segment of a kernel's journal on disk, and reading it from any number on."""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.journal_records import MAX_PAYLOAD_BYTES, RECORD, Record, RecordKind, entry_of, records_in

log = logging.getLogger(__name__)

INDEX_BYTES = 256 * 1024  # between two places where reading can begin


@dataclass
class Segment:
    """One file. ``places`` are numbers and where in the file an entry after that number begins, in order."""

    path: Path
    first: int
    size_bytes: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)

    def note_place(self, entry: Entry, offset: int) -> None:
        """An entry begins at ``offset``."""
        if not self.places or offset - self.places[-1][1] > INDEX_BYTES:
            self.places.append((entry.first - 1, offset))

    def place_after(self, sequence: int) -> int:
        """Where to begin reading for what came after ``sequence``."""
        return max((offset for number, offset in self.places if number <= sequence), default=0)


class SegmentReader:
    """Reads one segment. ``offset`` is where the last whole record ends; ``is_damaged``: the file goes on there."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.offset = 0
        self.is_damaged = False

    def entries(self, after: int) -> Iterator[Entry]:
        """What came after ``after``."""
        for _, record in self.records(self.segment.place_after(after)):
            if record.kind is RecordKind.ENTRY:
                entry = entry_of(record.body)
                if entry.sequence > after:
                    yield entry

    def records(self, offset: int) -> Iterator[tuple[int, Record]]:
        """The whole records from an offset where one begins, each with its offset."""
        self.offset = offset
        try:
            with self.segment.path.open("rb") as file:
                file.seek(offset)
                while (record := _next_record(file)) is not None:
                    begun = self.offset
                    self.offset += record.stop
                    yield begun, record
                self.is_damaged = os.fstat(file.fileno()).st_size > self.offset
        except (OSError, ValueError, struct.error) as error:
            log.warning("journal cannot be read path=%s error=%s", self.segment.path, error)
            self.is_damaged = True


def _next_record(file: BinaryIO) -> Record | None:
    head = file.read(RECORD.size)
    if len(head) < RECORD.size:
        return None
    length, _ = RECORD.unpack(head)
    return next(records_in(head + file.read(min(length, MAX_PAYLOAD_BYTES))), None)
