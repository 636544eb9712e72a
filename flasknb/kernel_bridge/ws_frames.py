"""Websocket frames (RFC 6455) of a client without extensions: cut, unmasked, checked. Pure: no sockets."""

from __future__ import annotations

import struct
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL, RESERVED, MASKED, CONTROL = 0x80, 0x70, 0x80, 0x08
PROTOCOL_ERROR, NO_CODE, NOT_UTF8, TOO_BIG = 1002, 1005, 1007, 1009

LENGTH_AND_MASK = struct.Struct(">H4s")
LONG_LENGTH_AND_MASK = struct.Struct(">Q4s")
SHORT_HEAD, LONG_HEAD = struct.Struct(">BBH"), struct.Struct(">BBQ")
CODE = struct.Struct(">H")
NO_MASK = bytes(4)
CONTROL_BYTES = 125  # at most
UNMASKED_BYTES = 64 * 1024  # at a time; a multiple of the mask
MAX_FRAGMENTS = 250_000  # of one message; browsers cut at 128 KiB, so only an attack has more


class Fault(NamedTuple):
    """Why a websocket has to be closed."""

    code: int
    reason: str


class Event(NamedTuple):
    """One whole message, or one control frame. ``payload`` of a TEXT message is UTF-8, of a CLOSE its reason."""

    opcode: int
    payload: bytes
    code: int = 0
    """Of a CLOSE: why the client goes, NO_CODE where it does not say."""


class FrameReader:
    """Cuts what one client sends into messages and control frames. One caller at a time.

    ``fault`` says what was wrong; nothing is read after it, and nothing after a CLOSE.

    Args:
        max_message_bytes: a longer message is a fault, as soon as it is announced.
    """

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._rest = bytearray()
        self._needed = 0  # bytes that the frame at the beginning of the rest takes, where that is known
        self._opcode = 0
        self._parts: bytearray | None = None
        self._fragments = 0
        self._is_over = False
        self.fault: Fault | None = None

    def feed(self, received: bytes | memoryview) -> list[Event]:
        """What is complete now, in order."""
        events: list[Event] = []
        if self._is_over:
            return events
        if self._rest:
            self._rest += received
            if len(self._rest) < self._needed:
                return events
            received, self._rest = memoryview(self._rest), bytearray()
        self._needed = 0
        at, end = 0, len(received)
        while at < end and not self._is_over:
            stop = self._take(received, at, end, events)
            if stop == at:
                self._rest += memoryview(received)[at:]
                break
            at = stop
        return events

    def _take(self, received: bytes | memoryview, at: int, end: int, events: list[Event]) -> int:
        """Take the frame at ``at``; returns where it ends, ``at`` itself while it is not complete."""
        if end - at < 2:
            return at
        first, second = received[at], received[at + 1]
        length, start = second & 0x7F, at + 6
        if length > CONTROL_BYTES:
            layout = LENGTH_AND_MASK if length == CONTROL_BYTES + 1 else LONG_LENGTH_AND_MASK
            if end - at < 2 + layout.size:
                return at if self._is_plausible(first, second, 0, True) else end
            length, mask = layout.unpack_from(received, at + 2)
            start = at + 2 + layout.size
            is_shortest = length > (CONTROL_BYTES if layout is LENGTH_AND_MASK else 0xFFFF)
        else:
            mask, is_shortest = bytes(received[at + 2 : start]), True
        if not self._is_plausible(first, second, length, is_shortest):
            return end
        stop = start + length
        if stop > end:
            self._needed = stop - at
            return at
        payload = bytes(received[start:stop]) if mask == NO_MASK else unmasked(received[start:stop], mask)
        if first & CONTROL:
            self._hear_control(first & 0x0F, payload, events)
        else:
            self._hear_piece(first, payload, events)
        return stop

    def _is_plausible(self, first: int, second: int, length: int, is_shortest: bool) -> bool:
        """Whether a frame may begin like this; else there is a fault."""
        opcode = first & 0x0F
        if not second & MASKED:
            self._fail(PROTOCOL_ERROR, "a client's frame is not masked")
        elif first & RESERVED or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            self._fail(PROTOCOL_ERROR, "a frame with a reserved bit or opcode")
        elif not is_shortest or length >> 63:
            self._fail(PROTOCOL_ERROR, "a frame's length is written in a way that is not allowed")
        elif opcode & CONTROL:
            if not first & FINAL or second & 0x7F > CONTROL_BYTES:
                self._fail(PROTOCOL_ERROR, "a control frame in pieces, or a long one")
        elif (opcode == CONTINUATION) is (self._parts is None):
            self._fail(PROTOCOL_ERROR, "a piece of a message that does not belong there")
        elif length + len(self._parts or b"") > self._max_message_bytes or self._fragments >= MAX_FRAGMENTS:
            self._fail(TOO_BIG, f"messages of at most {self._max_message_bytes} bytes are read")
        return self.fault is None

    def _hear_piece(self, first: int, payload: bytes, events: list[Event]) -> None:
        is_final = first & FINAL
        if self._parts is None:
            self._opcode = first & 0x0F
            if not is_final:
                self._parts, self._fragments = bytearray(payload), 1
                return
        else:
            self._parts += payload
            self._fragments += 1
            if not is_final:
                return
            payload, self._parts, self._fragments = bytes(self._parts), None, 0
        if self._opcode == TEXT and not _is_utf8(payload):
            self._fail(NOT_UTF8, "a text message is not UTF-8")
            return
        events.append(Event(self._opcode, payload))

    def _hear_control(self, opcode: int, payload: bytes, events: list[Event]) -> None:
        if opcode != CLOSE:
            events.append(Event(opcode, payload))
            return
        self._is_over = True
        code = NO_CODE if not payload else CODE.unpack_from(payload)[0] if len(payload) > 1 else 0
        if payload and not _may_be_sent(code):
            self._fail(PROTOCOL_ERROR, "a close frame without a code that makes sense")
        elif not _is_utf8(payload[2:]):
            self._fail(NOT_UTF8, "the reason in a close frame is not UTF-8")
        else:
            events.append(Event(CLOSE, payload[2:], code))

    def _fail(self, code: int, reason: str) -> None:
        self.fault, self._is_over = Fault(code, reason), True
        self._parts = None


def frame_head(first: int, length: int) -> bytes:
    """Header of an unmasked frame; ``first`` is opcode and flags."""
    if length <= CONTROL_BYTES:
        return bytes((first, length))
    return SHORT_HEAD.pack(first, 126, length) if length < 65_536 else LONG_HEAD.pack(first, 127, length)


def unmasked(payload: bytes | memoryview, mask: bytes) -> bytes:
    """``payload`` with ``mask`` taken off: as large numbers, which takes a fraction of a loop's time."""
    size = len(payload)
    if size <= UNMASKED_BYTES:
        return (int.from_bytes(payload, "little") ^ _cover(mask, size)).to_bytes(size, "little")
    cover, end = _cover(mask, UNMASKED_BYTES), size - size % UNMASKED_BYTES
    whole = [payload[at : at + UNMASKED_BYTES] for at in range(0, end, UNMASKED_BYTES)]
    pieces = [(int.from_bytes(piece, "little") ^ cover).to_bytes(UNMASKED_BYTES, "little") for piece in whole]
    return b"".join([*pieces, unmasked(payload[end:], mask)])


def _cover(mask: bytes, size: int) -> int:
    return int.from_bytes((mask * (size // 4 + 1))[:size], "little")


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _may_be_sent(code: int) -> bool:
    """Close codes of RFC 6455 §7.4 and IANA's registry that may stand in a frame."""
    return (1000 <= code <= 1014 and code not in (1004, 1005, 1006)) or 3000 <= code <= 4999
