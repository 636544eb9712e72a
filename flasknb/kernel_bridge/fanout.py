"""One subscriber's queue between a kernel and a slow reader. Pure: no socket, no clock.

While the reader keeps up every message passes untouched. When it falls behind, text of one stream is merged, and
updates and outputs that a later message makes invisible are left out; the page ends up showing the same. Only past a
hard bound is output dropped, oldest first, and a line on stderr says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from flasknb.kernel_bridge.journal import Entry

OUTPUT_TYPES = frozenset({"stream", "display_data", "execute_result", "update_display_data"})
CLEARED_TYPES = frozenset({"stream", "display_data", "execute_result", "error", "clear_output"})
MERGED_TEXT_BYTES = 1024 * 1024
HEADER, CONTENT = 1, 4
LEFT_OUT = "\n[flasknb] {count} outputs were left out: this page reads more slowly than the kernel writes.\n"


@dataclass(eq=False)
class _Queued:
    """A place in the queue. ``texts`` gathers merged stream text; ``is_live`` falls when taken or superseded."""

    entry: Entry
    name: str = ""
    texts: list[str] = field(default_factory=list)
    text_bytes: int = 0
    is_live: bool = True

    @property
    def size_bytes(self) -> int:
        return self.entry.size_bytes + self.text_bytes


class SubscriberQueue:
    """Messages on their way to one websocket. One caller at a time.

    Args:
        soft_bytes: backlog at which merging begins.
        hard_bytes: backlog at which the oldest outputs are dropped.
    """

    def __init__(self, *, soft_bytes: int, hard_bytes: int) -> None:
        self._soft_bytes = soft_bytes
        self._hard_bytes = hard_bytes
        self._queue: deque[_Queued] = deque()
        self._by_display: dict[str, _Queued] = {}
        self._by_parent: dict[str, list[_Queued]] = {}
        self.backlog_bytes = 0
        self.dropped = 0

    def __bool__(self) -> bool:
        return bool(self._queue)

    def put(self, entry: Entry) -> None:
        """Queue ``entry``; its sequence number is greater than any before."""
        if self.backlog_bytes >= self._soft_bytes and entry.channel == "iopub":
            self._put_compactly(entry)
        else:
            self._append(entry)
        if self.backlog_bytes > self._hard_bytes:
            self._shed()

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
        content = _content(entry)
        if entry.msg_type == "stream" and self._merged(entry, content):
            return
        if entry.msg_type == "clear_output" and not content.get("wait"):
            for superseded in self._by_parent.pop(entry.parent_id, ()):
                self._retire(superseded)
        queued = self._append(entry)
        if entry.msg_type == "update_display_data":
            self._supersede_update(queued, content)
        if entry.msg_type in CLEARED_TYPES:
            self._by_parent.setdefault(entry.parent_id, []).append(queued)

    def _supersede_update(self, queued: _Queued, content: dict[str, Any]) -> None:
        display_id = (content.get("transient") or {}).get("display_id")
        if not isinstance(display_id, str):
            return
        older = self._by_display.get(display_id)
        if older is not None:
            self._retire(older)
        self._by_display[display_id] = queued

    def _merged(self, entry: Entry, content: dict[str, Any]) -> bool:
        last = self._queue[-1] if self._queue else None
        if last is None or not last.is_live or last.entry.msg_type != "stream":
            return False
        if not last.texts:
            before = _content(last.entry)
            last.name, last.texts = str(before.get("name")), [str(before.get("text", ""))]
        is_other = last.entry.parent_id != entry.parent_id or last.name != content.get("name")
        if is_other or last.text_bytes >= MERGED_TEXT_BYTES:
            return False
        self.backlog_bytes -= last.size_bytes
        last.texts.append(str(content.get("text", "")))
        last.text_bytes += len(last.texts[-1])
        last.entry = entry  # the newest number stands for all
        self.backlog_bytes += last.size_bytes
        return True

    def _shed(self) -> None:
        """Drop the oldest outputs down to three quarters of the bound; the newest message always stays."""
        goal = self._hard_bytes * 3 // 4
        newest = self._queue[-1]
        kept: deque[_Queued] = deque()
        notice_at, example = 0, None
        for queued in self._queue:
            is_output = queued.entry.msg_type in OUTPUT_TYPES and queued is not newest
            if queued.is_live and is_output and self.backlog_bytes > goal:
                self._retire(queued)
                self.dropped += 1
                notice_at, example = len(kept), queued.entry
            elif queued.is_live:
                kept.append(queued)
        self._queue = kept
        if example is not None:
            notice = _Queued(stderr_notice(example, LEFT_OUT.format(count=self.dropped)))
            self._queue.insert(notice_at, notice)
            self.backlog_bytes += notice.size_bytes


def _finished(queued: _Queued) -> Entry:
    if len(queued.texts) < 2:
        return queued.entry
    parts = queued.entry.parts
    parts[CONTENT] = orjson.dumps({"name": queued.name, "text": "".join(queued.texts)})
    return _same_place(queued.entry, parts, "stream")


def stderr_notice(example: Entry, text: str) -> Entry:
    """A line on stderr in the place of ``example``: its number, its parent."""
    parts = example.parts[: CONTENT + 1]
    header = {**_json(parts[HEADER]), "msg_type": "stream"}
    parts[HEADER], parts[CONTENT] = orjson.dumps(header), orjson.dumps({"name": "stderr", "text": text})
    return _same_place(example, parts, "stream")


def _same_place(entry: Entry, parts: Sequence[bytes], msg_type: str) -> Entry:
    return Entry.of(entry.sequence, parts, msg_type=msg_type, parent_id=entry.parent_id, target=entry.target)


def _content(entry: Entry) -> dict[str, Any]:
    return _json(entry.parts[CONTENT])


def _json(part: bytes) -> dict[str, Any]:
    try:
        parsed = orjson.loads(part)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
