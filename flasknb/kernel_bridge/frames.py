"""Frames between worker and sidecar: ``uint32`` length (little-endian, of what follows), one byte kind, body. Pure.

A ``MESSAGE`` body from the sidecar is ``uint64`` sequence number (little-endian) and a v1 payload; from a worker just
the v1 payload. Every other body is one JSON object.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple, cast

import orjson

HEAD = struct.Struct("<IB")
SEQUENCED_HEAD = struct.Struct("<IBQ")
MAX_FRAME_BYTES = 512 * 1024 * 1024
MAX_JSON_BYTES = 16 * 1024 * 1024
LARGE_BYTES = 256 * 1024  # a body from this size on is read into a place of its own, not put together


class BadBridgeFrame(ValueError):
    """The other end of a bridge connection sent garbage; the connection has to go."""


class Kind(IntEnum):
    """What a frame is. Numbers are the wire's."""

    HELLO = 1
    CALL = 2
    ACCEPTED = 3
    RESULT = 4
    ERROR = 5
    MESSAGE = 6
    END = 7
    EVENT = 8


MESSAGE = int(Kind.MESSAGE)
HEAD_BYTES, LENGTH_BYTES = HEAD.size, 4
KINDS = {int(kind): kind for kind in Kind}
LARGE = frozenset({Kind.MESSAGE, Kind.RESULT})


class Frame(NamedTuple):
    """One frame without its length."""

    kind: Kind
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises BadBridgeFrame."""
        try:
            body = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadBridgeFrame(f"a {self.kind.name} frame is not JSON: {error}") from None
        if not isinstance(body, dict):
            raise BadBridgeFrame(f"a {self.kind.name} frame is not a JSON object")
        return body


def pack(kind: Kind, body: bytes) -> bytes:
    """One frame as bytes."""
    return HEAD.pack(len(body) + 1, kind) + body


def pack_json(kind: Kind, body: Mapping[str, Any]) -> bytes:
    """One JSON frame as bytes."""
    return pack(kind, orjson.dumps(body))


class FrameDecoder:
    """Cuts a byte stream into frames. One caller at a time.

    A body of LARGE_BYTES that came in pieces is a ``bytearray``, which everything here takes for ``bytes``.

    Args:
        max_frame_bytes: a longer ``MESSAGE`` or ``RESULT`` is garbage; other JSON frames have their own lower bound.
    """

    def __init__(self, *, max_frame_bytes: int = MAX_FRAME_BYTES) -> None:
        self._buffer = bytearray()
        self._max_frame_bytes = max_frame_bytes
        self.large: bytearray | None = None
        """A body that has begun; while there is one, ``room`` may be used instead of ``feed``."""
        self._large_kind, self._large_filled = Kind.MESSAGE, 0

    @property
    def room(self) -> memoryview:
        """Where the next bytes of the body that is ``large`` belong: read into it, then tell ``filled``."""
        return memoryview(self.large or b"")[self._large_filled :]

    def filled(self, count: int) -> list[Frame]:
        """So many bytes were read into ``room``; the frame, if it is complete now."""
        large = self.large
        self._large_filled += count
        if large is None or self._large_filled < len(large):
            return []
        self.large = None
        return [Frame(self._large_kind, cast(bytes, large))]

    def allow_large_frames(self) -> None:
        """From now on trust the other end with frames of the greatest size."""
        self._max_frame_bytes = MAX_FRAME_BYTES

    def feed(self, received: bytes) -> list[Frame]:
        """Every frame that is complete now. Raises BadBridgeFrame, before the announced bytes are waited for."""
        if self.large is not None:
            room = self.room
            used = min(len(received), len(room))
            room[:used] = received[:used]
            return self.filled(used) + (self.feed(received[used:]) if used < len(received) else [])
        if self._buffer:
            self._buffer += received
            with memoryview(self._buffer) as view:
                frames, used = self._cut(view)
            del self._buffer[:used]
            return frames
        frames, used = self._cut(received)
        if used < len(received):
            self._buffer += memoryview(received)[used:]
        return frames

    def _cut(self, received: bytes | memoryview) -> tuple[list[Frame], int]:
        """The whole frames at the beginning, and how many bytes they take."""
        frames: list[Frame] = []
        position, end = 0, len(received)
        while end - position >= HEAD_BYTES:
            length, number = HEAD.unpack_from(received, position)
            if number == MESSAGE and 1 <= length <= self._max_frame_bytes:
                kind = Kind.MESSAGE
            else:
                kind = self._checked(length, number)
            stop = position + 4 + length
            if stop > end:
                if length > LARGE_BYTES:
                    self._begin_large(kind, length - 1, received[position + HEAD_BYTES :])
                    position = end
                break
            frames.append(Frame(kind, bytes(received[position + HEAD_BYTES : stop])))
            position = stop
        return frames, position

    def _begin_large(self, kind: Kind, size: int, begin: bytes | memoryview) -> None:
        self.large, self._large_kind, self._large_filled = bytearray(size), kind, len(begin)
        self.large[: len(begin)] = begin

    def _checked(self, length: int, number: int) -> Kind:
        kind = KINDS.get(number)
        if kind is None:
            raise BadBridgeFrame(f"frame kind {number} does not exist")
        limit = self._max_frame_bytes if kind in LARGE else min(MAX_JSON_BYTES, self._max_frame_bytes)
        if not 1 <= length <= limit:
            raise BadBridgeFrame(f"a {kind.name} frame of {length} bytes; 1 to {limit} are allowed")
        return kind
