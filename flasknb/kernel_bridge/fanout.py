"""One subscriber's queue between a kernel and a slow reader. Pure: no socket, no clock.

While the reader keeps up every message passes untouched. When it falls behind, text of one stream is merged, and
updates and outputs that a later message makes invisible are left out; the page ends up showing the same. The journal
keeps its entries small by the same rules.
"""

from __future__ import annotations

import sys
from array import array
from collections import deque
from collections.abc import Iterable
from typing import Any

import orjson

from flasknb.kernel_bridge.entries import Entry, object_in

OUTPUT_TYPES = frozenset({"stream", "display_data", "execute_result", "error"})
COMM_TYPES = frozenset({"comm_open", "comm_msg", "comm_close"})
FOLDABLE_TYPES = frozenset({"stream", "clear_output", "update_display_data"})  # without them nothing goes away
MERGED_TEXT_BYTES = 1024 * 1024
HEADER, CONTENT = 1, 4


class _Queued:
    """A place in the queue. ``texts`` gathers merged stream text; ``is_live`` falls when taken or superseded."""

    __slots__ = ("cuts", "entry", "is_live", "name", "text_chars", "texts")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.name: str | None = None
        self.texts: list[str] | None = None  # nearly all places end without
        self.cuts: array[int] | None = None
        self.text_chars = 0
        self.is_live = True

    @property
    def size_bytes(self) -> int:
        size = self.entry.size_bytes
        return size if self.cuts is None else size + self.text_chars + 8 * len(self.cuts)


class SubscriberQueue:
    """Messages on their way to one websocket. One caller at a time.

    Args:
        soft_bytes: backlog at which merging begins.
    """

    def __init__(self, *, soft_bytes: int) -> None:
        self._soft_bytes = soft_bytes
        self._queue: deque[_Queued] = deque()
        self._by_display: dict[str, _Queued] = {}
        self._by_parent: dict[str, list[_Queued]] = {}
        self._clears: dict[str, _Queued] = {}
        self.backlog_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._queue)

    def put(self, entry: Entry) -> None:
        """Queue ``entry``; its sequence number is greater than any before."""
        if self.backlog_bytes >= self._soft_bytes and entry.channel == "iopub":
            self._put_compactly(entry)
        else:
            self._append(entry)

    def take(self, limit_bytes: int) -> list[Entry]:
        """The next entries, about ``limit_bytes`` of them, at least one when there are any."""
        taken: list[Entry] = []
        size = 0
        while self._queue and (size < limit_bytes or not taken):
            queued = self._queue.popleft()
            if queued.is_live:
                self._retire(queued)
                taken.append(_finished(queued))
                size += taken[-1].size_bytes
        if not self._queue:
            self._by_display.clear()
            self._by_parent.clear()
            self._clears.clear()
        return taken

    def _append(self, entry: Entry) -> _Queued:
        queued = _Queued(entry)
        self._queue.append(queued)
        self.backlog_bytes += queued.size_bytes
        return queued

    def _retire(self, queued: _Queued) -> None:
        if queued.is_live:
            queued.is_live = False
            self.backlog_bytes -= queued.size_bytes

    def _put_compactly(self, entry: Entry) -> None:
        if entry.msg_type == "clear_output":
            self._put_clear(entry)
        elif entry.msg_type in OUTPUT_TYPES:
            self._put_output(entry)
        elif entry.msg_type == "update_display_data":
            self._put_update(entry)
        else:
            if entry.msg_type in COMM_TYPES:  # what follows may be an Output widget's, and its clear not the cell's
                self._by_parent.clear()
                self._clears.clear()
            self._append(entry)

    def _put_clear(self, entry: Entry) -> None:
        if entry.content.get("wait"):
            older = self._clears.get(entry.parent_id)
            if older is not None:
                self._retire(older)
            self._clears[entry.parent_id] = self._append(entry)
            return
        self._retire_outputs(entry.parent_id)
        self._by_parent[entry.parent_id] = [self._append(entry)]

    def _put_output(self, entry: Entry) -> None:
        clear = self._clears.pop(entry.parent_id, None)
        if clear is not None:  # it was waiting for this
            self._retire_outputs(entry.parent_id)
            if clear.is_live:
                self._by_parent[entry.parent_id] = [clear]
        if entry.msg_type != "stream" or not self._merged(entry):
            self._by_parent.setdefault(entry.parent_id, []).append(self._append(entry))

    def _retire_outputs(self, parent_id: str) -> None:
        for superseded in self._by_parent.pop(parent_id, ()):
            self._retire(superseded)
        waiting = self._clears.pop(parent_id, None)
        if waiting is not None:
            self._retire(waiting)

    def _put_update(self, entry: Entry) -> None:
        transient = entry.content.get("transient")
        display_id = transient.get("display_id") if isinstance(transient, dict) else None
        queued = self._append(entry)
        if isinstance(display_id, str):
            older = self._by_display.get(display_id)
            if older is not None:
                self._retire(older)
            self._by_display[display_id] = queued

    def _merged(self, entry: Entry) -> bool:
        """Whether the text could be joined to that of the last message."""
        last = self._queue[-1] if self._queue else None
        if last is None or not last.is_live or last.entry.msg_type != "stream":
            return False
        if last.entry.parent_id != entry.parent_id or last.text_chars >= MERGED_TEXT_BYTES:
            return False
        name, text = _stream(entry.content)
        if last.name is None:
            last.name, before = _stream(last.entry.content)
            self._join(last, last.entry, before)
        if name == "" or last.name != name:
            return False
        self._join(last, entry, text)
        return True

    def _join(self, last: _Queued, entry: Entry, text: str) -> None:
        self.backlog_bytes -= last.size_bytes
        if last.texts is None or last.cuts is None:
            last.texts, last.cuts = [], array("Q")
        offset = last.text_chars
        last.texts.append(text)
        last.text_chars += len(text)
        if entry.cuts:
            last.cuts.extend(value + offset * (index % 2) for index, value in enumerate(entry.cut_pairs))
        else:
            last.cuts.extend((entry.sequence, last.text_chars))
        last.entry = entry  # the newest number stands for all
        self.backlog_bytes += last.size_bytes


def folded(entries: Iterable[Entry]) -> list[Entry]:
    """Fewer entries that look the same to a page."""
    entries = list(entries)
    if FOLDABLE_TYPES.isdisjoint([entry.msg_type for entry in entries]):
        return entries
    queue = SubscriberQueue(soft_bytes=0)
    for entry in entries:
        queue.put(entry)
    return queue.take(sys.maxsize)


def stderr_notice(example: Entry, text: str) -> Entry:
    """A line on stderr in the place of ``example``: its number, its parent."""
    parts = example.parts[: CONTENT + 1]
    header = {**object_in(parts[HEADER]), "msg_type": "stream"}
    parts[HEADER], parts[CONTENT] = orjson.dumps(header), orjson.dumps({"name": "stderr", "text": text})
    parts[0] = b"iopub"
    return Entry.of(example.sequence, parts, msg_type="stream", parent_id=example.parent_id)


def _finished(queued: _Queued) -> Entry:
    if queued.texts is None or queued.cuts is None or queued.name is None or len(queued.texts) < 2:
        return queued.entry
    return queued.entry.with_text(queued.name, "".join(queued.texts), queued.cuts.tobytes())


def _stream(content: dict[str, Any]) -> tuple[str, str]:
    """Name and text of a stream message; no name where it is none that could be merged."""
    name, text = content.get("name"), content.get("text")
    return (name, text) if isinstance(name, str) and isinstance(text, str) else ("", "")
