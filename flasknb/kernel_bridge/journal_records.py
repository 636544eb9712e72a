"""Records of a journal file: length, checksum, payload; a damaged or torn one ends what can be read. Pure.

record   uint32 length of the payload, uint32 CRC-32 of it, payload
payload  one byte kind, body
entry    fixed part (``ENTRY``), msg_type, parent_id, target, cuts, bridge frame
others   one JSON object
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from flasknb.kernel_bridge.entries import Entry, object_in
from flasknb.kernel_bridge.frames import MAX_FRAME_BYTES, SEQUENCED_HEAD

RECORD = struct.Struct("<II")
ENTRY = struct.Struct("<QIIiI")  # count, lengths of msg_type, parent_id and target (-1 for none) and cuts
MAX_PAYLOAD_BYTES = 2 * MAX_FRAME_BYTES


class RecordKind(IntEnum):
    """What a record is. Numbers are the file's."""

    HEAD = 1
    ENTRY = 2
    GAP = 3
    END = 4


KINDS = frozenset(RecordKind)


@dataclass(frozen=True)
class Record:
    """One record, and where in what was read the next one begins."""

    kind: RecordKind
    body: bytes
    stop: int

    @property
    def fields(self) -> dict[str, Any]:
        """The body of a record that is no entry."""
        return object_in(self.body)


def pieces_of(kind: RecordKind, *body: bytes) -> list[bytes]:
    """One record, in pieces to be written one after the other: large bodies are not copied."""
    first = bytes([kind])
    length, checksum = len(first), zlib.crc32(first)
    for piece in body:
        length, checksum = length + len(piece), zlib.crc32(piece, checksum)
    return [RECORD.pack(length, checksum) + first, *body]


def pack(kind: RecordKind, body: bytes) -> bytes:
    """One record as bytes."""
    return b"".join(pieces_of(kind, body))


def pack_fields(kind: RecordKind, fields: Mapping[str, Any]) -> bytes:
    """One JSON record as bytes."""
    return pack(kind, orjson.dumps(fields))


def entry_pieces(entry: Entry) -> list[bytes]:
    """One entry as a record in pieces."""
    msg_type, parent_id = entry.msg_type.encode(), entry.parent_id.encode()
    target = None if entry.target is None else entry.target.encode()
    lengths = len(msg_type), len(parent_id), -1 if target is None else len(target), len(entry.cuts)
    head = ENTRY.pack(entry.count, *lengths)
    names = b"".join([head, msg_type, parent_id, target or b"", entry.cuts])
    return pieces_of(RecordKind.ENTRY, names, entry.frame, entry.rest)


def entry_of(body: bytes) -> Entry:
    """The entry in a record. Raises ValueError, struct.error for a body that a checksum says to be ours and is not."""
    count, type_length, parent_length, target_length, cuts_length = ENTRY.unpack_from(body)
    at = ENTRY.size
    texts = []
    for length in (type_length, parent_length, max(target_length, 0)):
        texts.append(body[at : at + length].decode())
        at += length
    cuts, at = body[at : at + cuts_length], at + cuts_length
    frame = body[at:]
    _, _, sequence = SEQUENCED_HEAD.unpack_from(frame)
    start, stop = struct.unpack_from("<2Q", frame, SEQUENCED_HEAD.size + 8)
    channel = frame[SEQUENCED_HEAD.size + start : SEQUENCED_HEAD.size + stop].decode()
    target = None if target_length < 0 else texts[2]
    return Entry(sequence, channel, texts[0], texts[1], target, frame, count, cuts)


def records_in(read: bytes) -> Iterator[Record]:
    """The whole records at the beginning of ``read``; ends at the first that is torn or damaged."""
    at = 0
    while len(read) - at >= RECORD.size:
        length, checksum = RECORD.unpack_from(read, at)
        start, stop = at + RECORD.size, at + RECORD.size + length
        if not 1 <= length <= MAX_PAYLOAD_BYTES or stop > len(read):
            return
        payload = read[start:stop]
        if zlib.crc32(payload) != checksum or payload[0] not in KINDS:
            return
        yield Record(RecordKind(payload[0]), payload[1:], stop)
        at = stop
