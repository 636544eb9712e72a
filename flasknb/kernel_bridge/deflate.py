"""Compression of websocket messages (RFC 7692), only where the administrator asks for it. Pure: no sockets.

wsproto's own extension unpacks whatever comes, so that 1 kB can become 1 GB; here a message is unpacked up to a bound.
Every message stands alone: no window is kept between two of them, which would cost 300 kB for each websocket.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits

SMALLEST_BYTES = 256  # below, the answer would hardly be shorter
TAIL = b"\x00\x00\xff\xff"  # ends each message, and is left out on the wire
LARGEST_WINDOW_BITS, SMALLEST_WINDOW_BITS = 15, 9
DEFAULT_LEVEL, DEFAULT_MEMORY_LEVEL = 6, 8


class Deflate(Extension):
    """permessage-deflate of one websocket. Receiving is one caller's at a time, ``pack`` anybody's.

    Args:
        options: ``compression_level`` 0 to 9 and ``mem_level`` 1 to 9, each with a default.
        max_message_bytes: what one message may unpack to.
    """

    name = "permessage-deflate"

    def __init__(self, options: Mapping[str, Any], max_message_bytes: int) -> None:
        self._level = int(options.get("compression_level", DEFAULT_LEVEL))
        self._memory_level = int(options.get("mem_level", DEFAULT_MEMORY_LEVEL))
        self._max_message_bytes = max_message_bytes
        self._window_bits = LARGEST_WINDOW_BITS
        self._is_on = False
        self._unpacker: Any = None
        self._unpacked_bytes = 0
        self._is_control = False

    def enabled(self) -> bool:
        """Whether the client offered it in a way that we can take."""
        return self._is_on

    def offer(self) -> bool | str:
        """Clients offer, we answer."""
        return False

    def accept(self, offer: str) -> bool | str | None:
        """Parameters of the answer to ``offer``; ``None`` refuses it."""
        given = dict(_parameter(one) for one in offer.split(";")[1:])
        answer = ["server_no_context_takeover", "client_no_context_takeover"]
        wanted = given.get("server_max_window_bits")
        if wanted is not None:
            if not (wanted.isdigit() and SMALLEST_WINDOW_BITS <= int(wanted) <= LARGEST_WINDOW_BITS):
                return None
            self._window_bits = int(wanted)
            answer.append(f"server_max_window_bits={wanted}")
        self._is_on = True
        return "; ".join(answer)

    def pack(self, payload: bytes | memoryview) -> bytes | None:
        """``payload`` compressed; ``None`` where that is not worth it."""
        if not self._is_on or len(payload) < SMALLEST_BYTES:
            return None
        packer = zlib.compressobj(self._level, zlib.DEFLATED, -self._window_bits, self._memory_level)
        packed = packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)
        return packed[: -len(TAIL)]

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """Whether a message that begins is compressed; the mark belongs on its first frame only."""
        if rsv.rsv1 and (opcode.iscontrol() or opcode is Opcode.CONTINUATION):
            return CloseReason.PROTOCOL_ERROR
        if not opcode.iscontrol() and opcode is not Opcode.CONTINUATION:
            self._unpacker = zlib.decompressobj(-LARGEST_WINDOW_BITS) if rsv.rsv1 else None
            self._unpacked_bytes = 0
        self._is_control = opcode.iscontrol()
        return RsvBits(True, False, False)

    def frame_inbound_payload_data(self, proto: FrameDecoder | FrameProtocol, data: bytes) -> bytes | CloseReason:
        """A piece of a message, unpacked."""
        if self._unpacker is None or self._is_control:
            return data
        return self._unpacked(bytes(data))

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> bytes | CloseReason | None:
        """What was still inside at the end of a message."""
        if self._unpacker is None or self._is_control or not fin:
            return None
        rest = self._unpacked(TAIL)
        self._unpacker = None
        return rest

    def _unpacked(self, data: bytes) -> bytes | CloseReason:
        room = self._max_message_bytes - self._unpacked_bytes
        try:
            unpacked: bytes = self._unpacker.decompress(data, room + 1)
        except zlib.error:
            return CloseReason.INVALID_FRAME_PAYLOAD_DATA
        self._unpacked_bytes += len(unpacked)
        return unpacked if len(unpacked) <= room else CloseReason.MESSAGE_TOO_BIG


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')
