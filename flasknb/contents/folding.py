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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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

Value = tuple[bytes, int, Iterator[int]]  # key, position of the first byte, positions after the last one to try
Lines = Callable[[bytes, "list[str]"], Any]


@dataclass
class Folded:
    """A parsed document whose long texts are elsewhere.

    Attributes:
        document: parsed JSON; a long string is a placeholder, a long list of strings a list of one placeholder.
        mark: what every placeholder starts with; its number in ``texts`` follows.
        texts: strings, and what was made of lists of strings.
    """

    document: Any
    mark: str = ""
    texts: list[Any] = field(default_factory=list)

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


def fold(content: bytes, lines: Lines) -> Folded | None:
    """Parse ``content`` with its long texts put aside; ``None`` where it is no JSON, or none that orjson reads.

    Args:
        lines: called with the key and each long list of strings; what it returns is kept. May raise TypeError.
    """
    mark = secrets.token_hex(12) + ":"
    texts: list[Any] = []
    rest: list[bytes] = []
    done = 0
    for key, start, ends in _long_values(content):
        for end in islice(ends, END_TRIES):
            try:
                value = orjson.loads(memoryview(content)[start:end])
                kept = value if isinstance(value, str) else lines(key, value)
            except (orjson.JSONDecodeError, TypeError):
                continue  # not the whole value, or not strings only
            if not value:
                break  # "" has no lines, and a placeholder has one
            placeholder = b'"%s%d"' % (mark.encode(), len(texts))
            rest += (content[done:start], placeholder if isinstance(value, str) else b"[" + placeholder + b"]")
            texts.append(kept)
            done = end
            break
    try:
        return Folded(orjson.loads(b"".join([*rest, content[done:]])), mark, texts)
    except orjson.JSONDecodeError:
        return None


def _long_values(content: bytes) -> Iterator[Value]:
    """Where long values of text keys seem to be, in order."""
    head = content[:HEAD_BYTES]
    colon = b'": ' if b'": ' in head else b'":'
    find_ends = _ends_by_lines if b"\n" in head else _ends_in_one_line
    position = 0
    while (found := content.find(colon, position)) >= 0:
        start = position = found + len(colon)
        if content[start] not in OPENINGS:
            continue
        key = content[max(0, found - KEY_BYTES) : found].rpartition(b'"')[2]
        if key not in TEXT_KEYS and b"/" not in key:
            continue
        ends = find_ends(content, start)
        end = next(ends, start)
        if end - start >= LONG_BYTES:
            yield key, start, chain([end], ends)
            position = end


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
