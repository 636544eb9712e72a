"""The head of an HTTP/1 request, read strictly: what two servers could read in two ways is refused (RFC 9112, 5).

For our own server on this machine, whose library reads heads as it would read mail: slowly, and forgiving much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

MAX_LINE_BYTES = 65_536
MAX_FIELDS = 100
FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)\r?\n")
END = (b"\r\n", b"\n")
ABSOLUTE = re.compile(r"(?i:https?)://([^/?#]*)(.*)")


class LineReader(Protocol):
    """What a head is read from."""

    def readline(self, limit: int, /) -> bytes: ...


class RequestHead:
    """The fields of one head, under the names by which gevent's server asks for them."""

    status = ""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        """``fields``: names as they were sent, and values without blanks around."""
        self._fields = fields
        self._first: dict[str, str] = {}
        for name, value in fields:
            self._first.setdefault(name.lower(), value)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of ``name``."""
        return self._first.get(name.lower(), default)

    getheader = get

    def get_all(self, name: str, default: list[str]) -> list[str]:
        """All values of ``name``, in order."""
        return [value for known, value in self._fields if known.lower() == name.lower()] or default

    def __delitem__(self, name: str) -> None:
        self._first.pop(name.lower(), None)
        self._fields = [field for field in self._fields if field[0].lower() != name.lower()]

    @property
    def typeheader(self) -> str | None:
        """The type of the body."""
        return self.get("content-type")

    @property
    def headers(self) -> Iterator[str]:
        """The fields as lines."""
        return (f"{name}: {value}\r\n" for name, value in self._fields)


def read_head(file: LineReader) -> RequestHead:
    """The fields up to the empty line.

    Raises:
        ValueError: a line that is no field, as one that goes on from the line before; too many, too long; an early end.
    """
    fields: list[tuple[str, str]] = []
    while (line := file.readline(MAX_LINE_BYTES + 1)) not in END:
        if len(line) > MAX_LINE_BYTES:
            raise ValueError("a header line is too long")
        field = FIELD.fullmatch(line)
        if field is None:
            raise ValueError("a line of the head is no header field")
        if len(fields) == MAX_FIELDS:
            raise ValueError(f"more than {MAX_FIELDS} header fields")
        name, value = field.groups()
        fields.append((name.decode("latin-1"), value.rstrip(b" \t").decode("latin-1")))
    return RequestHead(fields)


def origin_form(target: str, host: str | None) -> str:
    """The ``/path?query`` of a request's target, which may name scheme and host too (RFC 9112, 3.2.2).

    Raises:
        ValueError: it names another host than the header ``host``.
    """
    absolute = ABSOLUTE.fullmatch(target)
    if absolute is None:
        return target
    authority, rest = absolute.groups()
    if authority.lower() != (host or "").lower():
        raise ValueError("the target and the Host header name two hosts")
    return rest if rest.startswith("/") else f"/{rest}"
