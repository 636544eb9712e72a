"""What a dead sidecar left of one kernel's journal: its segments, read up to the first damage, which is cut off."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from flasknb.kernel_bridge.journal import Gap
from flasknb.kernel_bridge.journal_records import Record, RecordKind, entry_of
from flasknb.kernel_bridge.sidecar.journal_segment import Segment, SegmentReader

log = logging.getLogger(__name__)

FORMAT = 1


@dataclass
class Found:
    """What the files tell, segment by segment.

    ``newest``: number of the last message in it. ``reserved``: no greater number was told to anybody. ``count``: the
    kernel's own number of its last message, 0 for none. ``is_whole``: the sidecar ended in order.
    """

    epoch: str = ""
    newest: int = 0
    reserved: int = 0
    count: int = 0
    is_whole: bool = False
    was_idle: bool = False
    gaps: list[Gap] = field(default_factory=list)


def found_segment(path: Path, found: Found, *, only_head: bool) -> Segment | None:
    """The segment in one file, whose records ``found`` takes in; ``None`` for a file that is none of ours.

    Args:
        only_head: another segment follows, whose head tells what is in this one.
    """
    reader = SegmentReader(Segment(path, 0))
    is_ours = False
    for offset, record in reader.records(0):
        if record.kind is RecordKind.HEAD:
            if record.fields.get("format") != FORMAT:
                break
            _take_head(record, reader.segment, found)
            is_ours = True
        elif is_ours and not only_head:
            _take(record, offset, reader.segment, found)
        if only_head:
            break
    if not is_ours:
        return None
    size = path.stat().st_size
    reader.segment.size_bytes = size if only_head else reader.offset
    if size > reader.segment.size_bytes:
        log.warning("journal ends in the middle of a record path=%s at=%d", path, reader.offset)
        os.truncate(path, reader.offset)
    return reader.segment


def _take_head(record: Record, segment: Segment, found: Found) -> None:
    head = record.fields
    segment.first = int(head["first"])
    found.epoch, found.reserved = str(head["epoch"]), max(found.reserved, int(head["reserved"]))
    found.newest, found.count = max(found.newest, int(head["newest"])), int(head["count"]) or found.count
    found.gaps = [Gap(*gap) for gap in head["gaps"]]
    found.is_whole = False


def _take(record: Record, offset: int, segment: Segment, found: Found) -> None:
    found.is_whole = False
    if record.kind is RecordKind.ENTRY:
        entry = entry_of(record.body)
        segment.note_place(entry, offset)
        found.newest = entry.sequence
        found.count = entry.count or found.count
    elif record.kind is RecordKind.GAP:
        gap = Gap(*record.fields["gap"])
        found.gaps.append(gap)
        found.newest = gap.last
    elif record.kind is RecordKind.END:
        found.newest = int(record.fields["newest"])
        found.is_whole, found.was_idle = True, bool(record.fields["was_idle"])
