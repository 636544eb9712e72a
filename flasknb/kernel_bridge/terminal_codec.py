"""Messages of the terminal websocket, and the form in which a page's travel to the sidecar. Pure.

A page sends JSON arrays: ``["stdin", text]``, ``["set_size", rows, columns, ...]``, and our own page also
``["ack", characters]``: how much of the output it has shown, which asks for no more than a window ahead of that. To the
sidecar go one letter and the value. From the sidecar come the very messages of the websocket.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import orjson

from flasknb.kernel_bridge.frames import Kind, pack

MAX_ROWS = 2_000
MAX_COLUMNS = 4_000
MAX_ACK = 2**63
STDIN, SIZE, ACK = b"i", b"s", b"a"
SIZE_LAYOUT = struct.Struct("<HH")
ACK_LAYOUT = struct.Struct("<Q")


class BadTerminalMessage(ValueError):
    """A page sent what is no message of this protocol; its websocket has to go."""


@dataclass(frozen=True)
class Typed:
    """Input for the program, UTF-8."""

    text: bytes


@dataclass(frozen=True)
class Resized:
    """The page shows so many rows and columns."""

    rows: int
    columns: int


@dataclass(frozen=True)
class Shown:
    """The page has shown so many characters since it joined."""

    characters: int


Command = Typed | Resized | Shown


def packed_command(message: str | bytes) -> bytes | None:
    """A page's message for the sidecar; ``None`` for one that means nothing here, such as an impossible size.

    Raises:
        BadTerminalMessage: it is not JSON text, or no array that begins with a name.
    """
    if isinstance(message, bytes):
        raise BadTerminalMessage("terminals take text messages only")
    try:
        parsed = orjson.loads(message)
    except orjson.JSONDecodeError as error:
        raise BadTerminalMessage("a message must be JSON") from error
    if not isinstance(parsed, list) or not parsed or not isinstance(parsed[0], str):
        raise BadTerminalMessage('a message must be an array such as ["stdin", "text"]')
    name, *values = parsed
    if name == "stdin" and values and isinstance(values[0], str):
        return STDIN + values[0].encode()
    if name == "set_size" and len(values) >= 2:
        return _packed_size(values[0], values[1])
    if name == "ack" and values and _is_within(values[0], 0, MAX_ACK):
        return ACK + ACK_LAYOUT.pack(int(values[0]))
    return None


def command_of(packed: bytes) -> Command:
    """Reverse of ``packed_command``. Raises BadTerminalMessage."""
    letter, value = packed[:1], packed[1:]
    try:
        if letter == STDIN:
            return Typed(value)
        if letter == SIZE:
            return Resized(*SIZE_LAYOUT.unpack(value))
        if letter == ACK:
            return Shown(*ACK_LAYOUT.unpack(value))
    except struct.error as error:
        raise BadTerminalMessage(str(error)) from error
    raise BadTerminalMessage(f"no command begins with {letter!r}")


def frame_of(name: str, value: object) -> bytes:
    """One message of the websocket, ``[name, value]``, as a frame of the bridge."""
    return pack(Kind.MESSAGE, orjson.dumps([name, value]))


def _packed_size(rows: object, columns: object) -> bytes | None:
    if not (_is_within(rows, 1, MAX_ROWS) and _is_within(columns, 1, MAX_COLUMNS)):
        return None  # a page that is hidden measures nonsense; its next size will do
    return SIZE + SIZE_LAYOUT.pack(int(rows), int(columns))  # type: ignore[call-overload]


def _is_within(value: object, least: int, most: int) -> bool:
    is_whole = type(value) is int or (type(value) is float and value.is_integer())
    return is_whole and least <= value <= most  # type: ignore[operator]
