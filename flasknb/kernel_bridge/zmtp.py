"""ZMTP 3.0 without encryption, as far as a client of kernels needs it. Pure: knows bytes, not sockets.

https://rfc.zeromq.org/spec/23: a greeting of 64 bytes, a READY command from each side, then messages of frames.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import cast

MORE, LONG, COMMAND = 1, 2, 4
SIGNATURE = b"\xff\0\0\0\0\0\0\0\0\x7f"
GREETING_BYTES = 64
MECHANISM = b"NULL".ljust(20, b"\0")
GREETING = SIGNATURE + b"\x03\x00" + MECHANISM + b"\0" + bytes(31)
OLDEST_MAJOR = 3
VERSION_AT, MECHANISM_AT = 10, 12
LONG_SIZE = struct.Struct(">Q")
PROPERTY_SIZE = struct.Struct(">I")
LONG_HEAD_BYTES = 9
MAX_FRAME_BYTES = 4 * 1024 * 1024 * 1024
LARGE_BYTES = 256 * 1024  # a frame from this size on is read into a place of its own, not put together
SUBSCRIBE = b"\x01"
PING_HEAD_BYTES = len(b"\x04PING") + 2  # and the time for which it is good


class BadPeer(ValueError):
    """The other end does not speak ZMTP 3 without encryption."""


def ready(socket_type: str, identity: bytes = b"") -> bytes:
    """The READY command of a socket of this type."""
    told = {b"Socket-Type": socket_type.encode(), b"Identity": identity}
    body = b"\x05READY" + b"".join(
        bytes([len(name)]) + name + PROPERTY_SIZE.pack(len(value)) + value for name, value in told.items()
    )
    return _command(body)


def packed(frames: Sequence[bytes]) -> bytes:
    """One message."""
    pieces: list[bytes] = []
    left = len(frames)
    for frame in frames:
        left -= 1
        flags, size = (MORE if left else 0), len(frame)
        pieces.append(bytes((flags, size)) if size < 256 else bytes((flags | LONG,)) + LONG_SIZE.pack(size))
        pieces.append(frame)
    return b"".join(pieces)


class Decoder:
    """Cuts what a peer sends into messages, each a list of frames. One caller at a time.

    ``answers`` has what must be sent back; the caller empties it. A frame of LARGE_BYTES is a ``bytearray``, which
    everything here takes for ``bytes``.
    """

    def __init__(self) -> None:
        self.is_ready = False
        self.answers: list[bytes] = []
        self._is_greeted = False
        self._skipped = 0
        self._rest = b""
        self._frames: list[bytes] = []
        self.large: bytearray | None = None
        """A frame that has begun; while there is one, use ``room`` instead of ``feed``."""
        self._large_flags = self._large_filled = 0

    @property
    def room(self) -> memoryview:
        """Where the next bytes of the frame that is ``large`` belong: read into it, then tell ``filled``."""
        return memoryview(self.large or b"")[self._large_filled :]

    def filled(self, count: int) -> list[list[bytes]]:
        """So many bytes were read into ``room``; the messages that are complete now."""
        large = self.large
        self._large_filled += count
        if large is None or self._large_filled < len(large):
            return []
        self.large = None
        messages: list[list[bytes]] = []
        self._take(self._large_flags, cast(bytes, large), messages)
        return messages

    def feed(self, received: bytes) -> list[list[bytes]]:
        """The messages that are complete now. Raises BadPeer."""
        messages: list[list[bytes]] = []
        if self.large is not None:
            used = min(len(received), len(self.large) - self._large_filled)
            self.large[self._large_filled : self._large_filled + used] = received[:used]
            messages += self.filled(used)
            received = received[used:]
        if self._rest:
            received, self._rest = self._rest + received, b""
        if not self._is_greeted and not self._greeted(received):
            self._rest = received
            return messages
        frames, end = self._frames, len(received)
        at, self._skipped = self._skipped, 0
        while end - at >= 2:
            flags = received[at]
            if flags <= MORE:  # a short frame of a message, as nearly all are
                start = at + 2
                stop = start + received[at + 1]
                if stop > end:
                    break
                frames.append(received[start:stop])
                at = stop
                if not flags:
                    messages.append(frames)
                    frames = self._frames = []
                continue
            start, stop = self._measured(received, at)
            if start == 0:
                break
            if stop - start >= LARGE_BYTES and stop > end:
                self._begin_large(flags, stop - start, received[start:])
                return messages
            if stop > end:
                break
            self._take(flags, received[start:stop], messages)
            frames, at = self._frames, stop
        self._rest = received[at:]
        return messages

    def _greeted(self, received: bytes) -> bool:
        """Whether the peer's greeting is complete; it is skipped then. Raises BadPeer."""
        if not SIGNATURE.startswith(received[:1]):
            raise BadPeer("no ZMTP greeting")
        if len(received) < GREETING_BYTES:
            return False
        is_known = received[0] == SIGNATURE[0] and received[9] == SIGNATURE[9]
        if not is_known or received[VERSION_AT] < OLDEST_MAJOR:
            raise BadPeer("no greeting of ZMTP 3")
        if received[MECHANISM_AT : MECHANISM_AT + len(MECHANISM)] != MECHANISM:
            raise BadPeer("a mechanism other than NULL")
        self._is_greeted, self._skipped = True, GREETING_BYTES
        return True

    def _measured(self, received: bytes, at: int) -> tuple[int, int]:
        """Where the frame at ``at`` begins and ends; zeros while that is not known. Raises BadPeer."""
        flags = received[at]
        if flags & ~(MORE | LONG | COMMAND):
            raise BadPeer(f"a frame with flags {flags:#x}")
        if flags & COMMAND and flags & (MORE | LONG):
            raise BadPeer("a command in several frames, or a long one")
        if not flags & LONG:
            return at + 2, at + 2 + received[at + 1]
        if len(received) - at < LONG_HEAD_BYTES:
            return 0, 0
        (size,) = LONG_SIZE.unpack_from(received, at + 1)
        if size > MAX_FRAME_BYTES:
            raise BadPeer(f"a frame of {size} bytes")
        return at + LONG_HEAD_BYTES, at + LONG_HEAD_BYTES + size

    def _begin_large(self, flags: int, size: int, begin: bytes) -> None:
        self.large, self._large_flags, self._large_filled = bytearray(size), flags, len(begin)
        self.large[: len(begin)] = begin

    def _take(self, flags: int, frame: bytes, messages: list[list[bytes]]) -> None:
        if flags & COMMAND:
            self._hear(frame)
            return
        self._frames.append(frame)
        if not flags & MORE:
            messages.append(self._frames)
            self._frames = []

    def _hear(self, command: bytes) -> None:
        if command.startswith(b"\x05READY"):
            self.is_ready = True
        elif command.startswith(b"\x04PING"):
            self.answers.append(_command(b"\x04PONG" + command[PING_HEAD_BYTES:]))
        elif command.startswith(b"\x05ERROR"):
            raise BadPeer(f"it refused us: {command[7:207].decode(errors='replace')}")


def _command(body: bytes) -> bytes:
    return bytes((COMMAND, len(body))) + body
