"""Puts the long texts of a JSON document aside, piece by piece, so that what is left is small. Knows JSON, not files.

A notebook of 50 MB is nearly all output text. Parsed at once, its hundred thousands of lines become as many objects,
and nobody else runs meanwhile. Folded, each long string or list of strings is parsed on its own and kept as one value,
with a placeholder in its stead; the rest is parsed as usual.

Why the result is that of parsing the whole: a placeholder contains a number nobody can guess, so that the parser finds
it as a whole string exactly where the text stood as a whole value; and what it stands for was parsed as a whole value.
What is written in another manner than it is looked for here is merely not folded.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

import orjson

LONG_BYTES = 8 * 1024
KEY_BYTES = 120
END_TRIES = 4  # a text may contain what looks like its end
TEXT_KEYS = frozenset({b"source", b"text"})  # and MIME types: no schema constrains these beyond "string or strings"
HEAD_BYTES = 200  # enough to see in which manner a document is written
ESCAPED_QUOTES = 10_000  # passed over in search of the end of one string
FEW_TRIES = 64  # to find some bytes by their rarest one
ESCAPES = 32  # backslashes in a row, looked at before a quote
QUOTE, BACKSLASH = b'"'[0], b"\\"[0]
OPENINGS = b'"['

LOOK_AHEAD = 4  # known values that may have been taken out before the next one

Lines = Callable[[bytes, "list[str]"], Any]


class LongText(str):
    """A string that is going to be known: ``written`` is what a file last had for it, and how that was written."""

    written: tuple[Any, bytes] | None = None


@dataclass(frozen=True)
class KnownText:
    """A long value as it stood in a document: after which key, its JSON, what was kept of it, what came before it.

    ``before`` are the bytes since the long value before, or since the beginning.
    """

    key: bytes
    raw: bytes
    text: Any
    before: bytes = b""

    @property
    def size_bytes(self) -> int:
        """About what it takes in memory."""
        return 3 * len(self.raw) + len(self.before)


Value = tuple[bytes, int, "Iterator[int] | KnownText"]  # key, position of the first byte, positions after the last one


@dataclass
class Folded:
    """A parsed document whose long texts are elsewhere.

    Attributes:
        document: parsed JSON; a long string is a placeholder, a long list of strings a list of one placeholder.
        mark: what every placeholder starts with; its number in ``texts`` follows.
        texts: strings, and what was made of lists of strings.
        known: the same with their JSON, for the next document, where that was asked for.
    """

    document: Any
    mark: str = ""
    texts: list[Any] = field(default_factory=list)
    known: Sequence[KnownText] | None = None

    def value(self, string: str) -> Any:
        """``string``, or what it stands for."""
        return self.texts[int(string[len(self.mark) :])] if self.mark and string.startswith(self.mark) else string

    def filled(self, serialised: bytes, write: Callable[[bytes, Any], bytes]) -> Iterator[bytes]:
        """``serialised`` piece by piece, with ``write(what came before, text)`` in place of each quoted placeholder."""
        before, *others = serialised.split(b'"' + self.mark.encode()) if self.mark else [serialised]
        yield before
        for piece in others:
            number, _, after = piece.partition(b'"')
            yield write(before, self.texts[int(number)])
            yield (before := after)


def fold(content: bytes, lines: Lines, known: Sequence[KnownText] | None = None) -> Folded | None:
    """Parse ``content`` with its long texts put aside; ``None`` where it is no JSON, or none that orjson reads.

    Args:
        lines: called with the key and each long list of strings; what it returns is kept. May raise TypeError. Equal
            arguments must give equal results.
        known: ``Folded.known`` of a document that may have had some of the same values, which need not be parsed
            again; empty for the first one. ``None``: nothing is going to be kept.
    """
    mark = secrets.token_hex(12) + ":"
    texts: list[Any] = []
    rest: list[bytes] = []
    seen: list[KnownText] = []
    done = 0
    again = _Recognised(known) if known else None
    for key, start, ends in _long_values(content, again):
        if isinstance(ends, KnownText):
            one, end = ends, start + len(ends.raw)
        else:
            found = _parsed(content, key, start, ends, lines)
            if found is None:
                continue
            text, end = found
            one = KnownText(key, b"", text) if known is None else _to_be_known(key, content[start:end], text)
        placeholder = b'"%s%d"' % (mark.encode(), len(texts))
        before = content[done:start]
        rest += (before, placeholder if content[start] == QUOTE else b"[" + placeholder + b"]")
        texts.append(one.text)
        seen.append(one if known is None or one.before == before else replace(one, before=before))
        done = end
    try:
        document = orjson.loads(b"".join([*rest, content[done:]]))
    except orjson.JSONDecodeError:
        return None
    return Folded(document, mark, texts, None if known is None else seen)


def _to_be_known(key: bytes, raw: bytes, text: Any) -> KnownText:
    return KnownText(key, raw, LongText(text) if isinstance(text, str) else text)


def _parsed(content: bytes, key: bytes, start: int, ends: Iterator[int], lines: Lines) -> tuple[Any, int] | None:
    """What is kept of the value at ``start``, and the position after it; ``None`` where it is nothing to put aside."""
    for end in islice(ends, END_TRIES):
        try:
            value = orjson.loads(memoryview(content)[start:end])
            kept = value if isinstance(value, str) else lines(key, value)
        except (orjson.JSONDecodeError, TypeError):
            continue  # not the whole value, or not strings only
        return (kept, end) if value else None  # "" has no lines, and a placeholder has one
    return None


class _Recognised:
    """Finds the values of an earlier document again, in their order. Equal bytes are an equal value, with its end."""

    def __init__(self, known: Sequence[KnownText]) -> None:
        self._known = known
        self._next = 0
        self._reach = LOOK_AHEAD

    def expect(self, content: bytes, position: int) -> tuple[KnownText, int] | None:
        """The next known value, and where it starts, if it comes after ``position`` as it came after the last one."""
        if self._next == len(self._known):
            return None
        one = self._known[self._next]
        start = position + len(one.before)
        if not (one.before and content.startswith(one.before, position) and content.startswith(one.raw, start)):
            return None
        self._next, self._reach = self._next + 1, LOOK_AHEAD
        return one, start

    def find(self, content: bytes, key: bytes, start: int) -> KnownText | None:
        """The known value that stands at ``start``."""
        for place in range(self._next, min(self._next + self._reach, len(self._known))):
            one = self._known[place]
            if one.key == key and content.startswith(one.raw, start):
                self._next, self._reach = place + 1, LOOK_AHEAD
                return one
        return None

    def miss(self) -> None:
        """A long value was none of the next: look one further."""
        self._reach += 1


def _long_values(content: bytes, again: _Recognised | None = None) -> Iterator[Value]:
    """Where long values of text keys seem to be, in order."""
    head = content[:HEAD_BYTES]
    colon = b'": ' if b'": ' in head else b'":'
    find_ends = _ends_by_lines if b"\n" in head else _ends_in_one_line
    find_colon, find_quote, width = content.find, content.rfind, len(colon)
    position = 0
    while True:
        while again is not None and (expected := again.expect(content, position)) is not None:
            one, start = expected
            yield one.key, start, one
            position = start + len(one.raw)
        if (found := find_colon(colon, position)) < 0:
            return
        start = position = found + width
        if content[start] not in OPENINGS:
            continue
        quote = find_quote(b'"', max(0, found - KEY_BYTES), found)
        key = content[quote + 1 : found] if quote >= 0 else b""
        if key not in TEXT_KEYS and b"/" not in key:
            continue
        if again is not None and (known := again.find(content, key, start)) is not None:
            yield key, start, known
            position = start + len(known.raw)
            continue
        ends = find_ends(content, start)
        end = next(ends, start)
        if end - start >= LONG_BYTES:
            yield key, start, chain([end], ends)
            position = end
            if again is not None:
                again.miss()


def _ends_by_lines(content: bytes, start: int) -> Iterator[int]:
    """Where the value at ``start`` may end, if every value has lines of its own, as nbformat writes them."""
    if content[start] == QUOTE:
        line_end = content.find(b"\n", start)
        line_end -= content.startswith(b"\r", line_end - 1)
        yield line_end - content.startswith(b",", line_end - 1)
        return
    if content[start + 1 : start + KEY_BYTES].lstrip()[:1] != b'"':
        return
    line = content[content.rfind(b"\n", max(0, start - KEY_BYTES), start) + 1 : start]
    closing = b"\n" + line[: len(line) - len(line.lstrip(b" "))] + b"]"
    found = _find_by_last(content, closing, start)
    if found >= 0:
        yield found + len(closing)


def _ends_in_one_line(content: bytes, start: int) -> Iterator[int]:
    """Where the value at ``start`` may end, in JSON without line breaks."""
    if content[start] == QUOTE:
        if (end := _end_of_string(content, start)) > 0:
            yield end
            return
        end = _quote_before(content, b",", start + 1, len(content))
        end = _quote_before(content, b"}", start + 1, end if end > 0 else len(content)) or end
        if end > 0:
            yield end
        return
    if content[start + 1] != QUOTE:
        return
    position = start
    while (position := _find_by_last(content, b'"]', position + 1)) >= 0:
        if content[position - 1] != BACKSLASH and content[position + 2 : position + 3] in (b",", b"}"):
            yield position + 2


def _end_of_string(content: bytes, start: int) -> int:
    """Position after the string that begins at ``start``; 0 where many escaped quotes make looking for it long."""
    end = start
    for _ in range(FEW_TRIES):
        end = content.find(b'"', end + 1)
        if end < 0:
            return 0
        before = content[max(start + 1, end - ESCAPES) : end]
        slashes = len(before) - len(before.rstrip(b"\\"))
        if slashes == ESCAPES:
            return 0
        if slashes % 2 == 0:
            return end + 1
    return 0


def _find_by_last(content: bytes, wanted: bytes, start: int) -> int:
    """``content.find(wanted, start)``, where the last byte of ``wanted`` is rare: one byte is found much faster."""
    last = start + len(wanted) - 2
    for _ in range(FEW_TRIES):
        last = content.find(wanted[-1:], last + 1)
        if last < 0 or content.startswith(wanted, first := last + 1 - len(wanted)):
            return first if last >= 0 else -1
    return content.find(wanted, first + 1)


def _quote_before(content: bytes, sign: bytes, start: int, stop: int) -> int:
    """Position after the first quote that is followed by ``sign`` and not escaped; 0 where none is found soon."""
    position = start - 1
    for _ in range(ESCAPED_QUOTES):
        position = content.find(b'"' + sign, position + 1, stop)
        if position < 0:
            return 0
        if content[position - 1] != BACKSLASH:
            return position + 1
    return 0
