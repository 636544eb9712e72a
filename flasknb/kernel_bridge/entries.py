"""One numbered message of a kernel, and text of one stream that several messages were merged into. Pure."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from flasknb.kernel_bridge.frames import SEQUENCED_HEAD, Kind
from flasknb.kernel_bridge.ws_codec import HEAD_PARTS, PLAIN_HEAD, join_head, split_parts

CONTENT = 4
MESSAGE = int(Kind.MESSAGE)
LARGE_BYTES = 256 * 1024  # of a message's last part; from here on two pieces take less than a copy
PLAIN_FRAME_HEAD = struct.Struct("<IBQ7Q")


@dataclass(slots=True)
class Entry:
    """One message from a kernel. Nobody changes it (a frozen class would take four times as long to make).

    ``frame`` is the finished bridge frame, built once for all subscribers; where its last part is large, that is the
    ``rest`` of it, not copied. ``target`` is the session a reply is for, ``None`` for everybody. ``count`` is the
    kernel's own number of an iopub message, 0 where it gives none.

    Merged text stands for several messages: ``cuts`` are pairs (``uint64`` each, of this machine) of each one's number
    and of where its text ends, in characters. The last one's number and count are the entry's.
    """

    sequence: int
    channel: str
    msg_type: str
    parent_id: str
    target: str | None
    frame: bytes
    count: int = 0
    cuts: bytes = b""
    rest: bytes = b""

    @classmethod
    def of(
        cls,
        sequence: int,
        parts: Sequence[bytes],
        *,
        msg_type: str,
        parent_id: str,
        target: str | None = None,
        count: int = 0,
        cuts: bytes = b"",
    ) -> Entry:
        """The entry for ``[channel, header, parent_header, metadata, content, *buffers]``."""
        rest = parts[-1] if len(parts[-1]) >= LARGE_BYTES else b""
        if len(parts) == HEAD_PARTS and not rest:
            return cls(sequence, parts[0].decode(), msg_type, parent_id, target, _framed(sequence, parts), count, cuts)
        head = join_head(parts)
        length = SEQUENCED_HEAD.size - 4 + len(head) + sum(map(len, parts))
        begin = parts[:-1] if rest else parts
        frame = b"".join([SEQUENCED_HEAD.pack(length, MESSAGE, sequence), head, *begin])
        return cls(sequence, parts[0].decode(), msg_type, parent_id, target, frame, count, cuts, rest)

    @property
    def parts(self) -> list[bytes]:
        """The parts it was made of, cut out anew."""
        frame = self.frame + self.rest if self.rest else self.frame
        return split_parts(frame[SEQUENCED_HEAD.size :])

    @property
    def content(self) -> dict[str, Any]:
        """The content, parsed; empty where it is no JSON object."""
        return object_in(self._part(CONTENT))

    @property
    def size_bytes(self) -> int:
        """What keeping it costs."""
        return len(self.frame) + len(self.rest) + len(self.cuts)

    @property
    def first(self) -> int:
        """Number of the first message in it."""
        return self.cut_pairs[0] if self.cuts else self.sequence

    @property
    def cut_pairs(self) -> array[int]:
        """``cuts`` as numbers."""
        return array("Q", self.cuts)

    def after(self, sequence: int) -> Entry | None:
        """What of it came after ``sequence``; ``None`` for nothing."""
        if sequence >= self.sequence:
            return None
        if sequence < self.first:
            return self
        numbers, ends = self.cut_pairs[0::2], self.cut_pairs[1::2]
        seen = bisect_right(numbers, sequence)
        offset = ends[seen - 1]
        rest = array("Q")
        for number, end in zip(numbers[seen:], ends[seen:], strict=True):
            rest.extend((number, end - offset))
        content = self.content
        return self.with_text(str(content["name"]), str(content["text"])[offset:], rest.tobytes())

    def with_text(self, name: str, text: str, cuts: bytes) -> Entry:
        """A stream message in its place."""
        parts = self.parts
        parts[CONTENT] = orjson.dumps({"name": name, "text": text})
        return Entry.of(
            self.sequence,
            parts,
            msg_type="stream",
            parent_id=self.parent_id,
            target=self.target,
            count=self.count,
            cuts=cuts,
        )

    def _part(self, number: int) -> bytes:
        """One part, without cutting out the others."""
        base = SEQUENCED_HEAD.size
        start, stop = struct.unpack_from("<2Q", self.frame, base + 8 * (number + 1))
        return self.rest if base + stop > len(self.frame) else self.frame[base + start : base + stop]


def _framed(sequence: int, parts: Sequence[bytes]) -> bytes:
    """The frame of a message without buffers, as nearly all are."""
    channel, header, parent_header, metadata, content = parts
    second = PLAIN_HEAD.size + len(channel)
    third = second + len(header)
    fourth = third + len(parent_header)
    fifth = fourth + len(metadata)
    end = fifth + len(content)
    head = PLAIN_FRAME_HEAD.pack(
        SEQUENCED_HEAD.size - 4 + end,
        MESSAGE,
        sequence,
        HEAD_PARTS + 1,
        PLAIN_HEAD.size,
        second,
        third,
        fourth,
        fifth,
        end,
    )
    return b"".join((head, channel, header, parent_header, metadata, content))


def object_in(part: bytes) -> dict[str, Any]:
    """The JSON object that a part holds; empty where it holds none."""
    try:
        parsed = orjson.loads(part)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
