"""Layouts of kernel messages on a websocket: v1 binary, ours with a sequence number, and legacy JSON.

Pure: knows bytes, not sockets. Shapes: docs/architecture.md §3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import orjson

V1_PROTOCOL = "v1.kernel.websocket.jupyter.org"
SEQ_PROTOCOL = "seq.v1.kernel.websocket.flasknb"
LEGACY_PROTOCOL = ""

HEAD_PARTS = 5  # channel, header, parent_header, metadata, content
MAX_PARTS = 65_536
CHANNELS = frozenset({"shell", "control", "stdin", "iopub"})
JSON_PARTS = ("header", "parent_header", "metadata", "content")
SEQ_BYTES = 8
PLAIN_HEAD = struct.Struct("<7Q")  # of a message without buffers, as nearly all are
COUNT = struct.Struct("<Q")


class BadFrame(ValueError):
    """A client sent something that is no kernel message."""


def join_parts(parts: Sequence[bytes]) -> bytes:
    """Pack the parts of one kernel message into one v1 payload.

    Args:
        parts: ``[channel, header, parent_header, metadata, content, *buffers]``, at least five.

    Returns:
        ``uint64 n``, then ``n`` offsets ``uint64``, then the parts, little-endian. ``offset[i]`` is where part ``i``
        begins, counted in bytes from the payload's start; the last one is the payload's length.

    Raises:
        BadFrame: fewer than five parts.
    """
    return b"".join([join_head(parts), *parts])


def join_head(parts: Sequence[bytes]) -> bytes:
    """The offsets that come before ``parts`` in a v1 payload, so that a caller can join everything in one copy."""
    if len(parts) < HEAD_PARTS:
        raise BadFrame(f"a message has at least {HEAD_PARTS} parts, got {len(parts)}")
    if len(parts) == HEAD_PARTS:
        channel, header, parent_header, metadata, content = parts
        second = PLAIN_HEAD.size + len(channel)
        third = second + len(header)
        fourth = third + len(parent_header)
        fifth = fourth + len(metadata)
        return PLAIN_HEAD.pack(HEAD_PARTS + 1, PLAIN_HEAD.size, second, third, fourth, fifth, fifth + len(content))
    first = 8 * (len(parts) + 2)
    offsets = list(accumulate((len(part) for part in parts), initial=first))
    return struct.pack(f"<Q{len(offsets)}Q", len(offsets), *offsets)


def split_parts(payload: bytes) -> list[bytes]:
    """The parts of one v1 payload, the reverse of ``join_parts``. Raises BadFrame before allocating anything large."""
    return [payload[start:stop] for start, stop in pairwise(_offsets(payload, len(payload)))]


def view_parts(payload: memoryview, rest: bytes = b"") -> list[bytes | memoryview]:
    """The same without a copy. ``rest``: the last part, where ``payload`` ends before it."""
    offsets = _offsets(payload, len(payload) + len(rest))
    parts: list[bytes | memoryview] = [payload[start:stop] for start, stop in pairwise(offsets)]
    if rest:
        parts[-1] = rest
    return parts


def check_payload(payload: bytes) -> None:
    """Whether ``split_parts`` can cut it. Raises BadFrame as that does, and copies nothing where it can."""
    if len(payload) >= PLAIN_HEAD.size:
        count, first, second, third, fourth, fifth, end = PLAIN_HEAD.unpack_from(payload)
        is_in_order = PLAIN_HEAD.size == first <= second <= third <= fourth <= fifth <= end == len(payload)
        if count == HEAD_PARTS + 1 and is_in_order:
            return
    split_parts(payload)


def to_legacy(parts: Sequence[bytes]) -> str | bytes:
    """Splice the parts of one message into a legacy frame: text without buffers, binary with. Content is not parsed."""
    is_text, pieces = legacy_pieces(parts)
    frame = b"".join(pieces)
    return frame.decode() if is_text else frame


def legacy_pieces(parts: Sequence[bytes | memoryview]) -> tuple[bool, list[bytes | memoryview]]:
    """Whether ``to_legacy`` would be text, and its bytes in pieces, so that nothing large is copied."""
    channel, header, parent_header, metadata, content = parts[:HEAD_PARTS]
    fields = orjson.loads(header)
    names = orjson.dumps({"msg_id": fields.get("msg_id"), "msg_type": fields.get("msg_type")})
    buffers = parts[HEAD_PARTS:]
    text = [
        names[:-1],
        b',"channel":"',
        channel,
        b'","header":',
        header,
        b',"parent_header":',
        parent_header,
        b',"metadata":',
        metadata,
        b',"content":',
        content,
        b"}" if buffers else b',"buffers":[]}',
    ]
    if not buffers:
        return True, text
    sizes = [sum(map(len, text)), *map(len, buffers)]
    starts = list(accumulate(sizes, initial=4 * (len(sizes) + 1)))[:-1]
    return False, [struct.pack(f">I{len(starts)}I", len(starts), *starts), *text, *buffers]


def from_legacy(frame: str | bytes) -> list[bytes]:
    """The v1 parts of one legacy frame. Raises BadFrame."""
    text, buffers = (frame.encode(errors="surrogatepass"), []) if isinstance(frame, str) else _split_buffers(frame)
    message = _json_object(text)
    channel = message.get("channel") or "shell"
    if not isinstance(channel, str):
        raise BadFrame("a message's channel is not text")
    return [channel.encode(), *(orjson.dumps(_part(message, name)) for name in JSON_PARTS), *buffers]


def with_sequence(sequence: int, payload: bytes) -> bytes:
    """Put the sequence number before a v1 payload, as our own subprotocol wants it."""
    return struct.pack("<Q", sequence) + payload


def incoming(message: str | bytes, protocol: str) -> bytes:
    """The v1 payload of a page's message. Raises BadFrame."""
    if protocol not in (SEQ_PROTOCOL, V1_PROTOCOL):
        return join_parts(from_legacy(message))
    if isinstance(message, str):
        raise BadFrame(f"{protocol} carries binary messages only")
    check_payload(message)  # refuse here, with a close code, what would silently be dropped later
    return message


def choose_protocol(offered: Sequence[str], option: str | None) -> str:
    """The subprotocol to answer with, ``""`` for none.

    Args:
        offered: what the client named, in its order.
        option: ``kernel_ws_protocol``: ``None`` picks the best offered, ``""`` always legacy, a name only that one.
    """
    if option is None:
        return next((name for name in (SEQ_PROTOCOL, V1_PROTOCOL) if name in offered), LEGACY_PROTOCOL)
    return option if option in offered else LEGACY_PROTOCOL


def _offsets(payload: bytes | memoryview, end: int) -> Sequence[int]:
    """Where the parts of one v1 payload of ``end`` bytes begin, and its end. Raises BadFrame."""
    if len(payload) < 8:
        raise BadFrame(f"a v1 frame has at least 8 bytes, got {len(payload)}")
    (count,) = COUNT.unpack_from(payload)
    if not HEAD_PARTS + 1 <= count <= MAX_PARTS:
        raise BadFrame(f"a v1 frame announces {count} offsets; 6 to {MAX_PARTS} make sense")
    if 8 * (count + 1) > len(payload):
        raise BadFrame(f"a v1 frame of {len(payload)} bytes is too short for its {count} offsets")
    offsets = struct.unpack_from(f"<{count}Q", payload, 8)
    _check_offsets(offsets, first=8 * (count + 1), end=end)
    return offsets


def _check_offsets(offsets: Sequence[int], *, first: int, end: int) -> None:
    if offsets[0] != first or offsets[-1] != end:
        raise BadFrame(f"offsets run from {offsets[0]} to {offsets[-1]}; they belong from {first} to {end}")
    if list(offsets) != sorted(offsets):
        raise BadFrame("offsets of a frame are out of order")


def _split_buffers(frame: bytes) -> tuple[bytes, list[bytes]]:
    if len(frame) < 4:
        raise BadFrame(f"a legacy binary frame has at least 4 bytes, got {len(frame)}")
    (count,) = struct.unpack_from(">I", frame)
    if not 1 <= count <= MAX_PARTS or 4 * (count + 1) > len(frame):
        raise BadFrame(f"a legacy binary frame of {len(frame)} bytes cannot hold {count} parts")
    offsets = [*struct.unpack_from(f">{count}I", frame, 4), len(frame)]
    _check_offsets(offsets, first=4 * (count + 1), end=len(frame))
    parts = [frame[start:stop] for start, stop in pairwise(offsets)]
    return parts[0], parts[1:]


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadFrame(f"a frame is not JSON: {error}") from None
    if not isinstance(message, dict):
        raise BadFrame("a frame is not a JSON object")
    return message


def _part(message: dict[str, Any], name: str) -> Any:
    part = message.get(name)
    if part is None and name != "header":
        return {}
    if not isinstance(part, dict):
        raise BadFrame(f"a message's {name} is missing or no JSON object")
    return part
