"""Which part of a file a ``Range`` header asks for (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re

from werkzeug.exceptions import RequestedRangeNotSatisfiable

ONE_RANGE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})\s*-\s*(\d{1,18})?|-\s*(\d{1,18}))\s*", re.IGNORECASE)


def asked_part(header: str, size_bytes: int) -> tuple[int, int] | None:
    """First byte and number of bytes; ``None`` for the whole file.

    What is malformed, in other units, or more than one range is not followed: the whole file is always a right answer.

    Raises:
        RequestedRangeNotSatisfiable: it begins behind the end.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first_text, last_text, suffix = found.groups()
    if suffix is not None:
        length = min(int(suffix), size_bytes)
        first, last = size_bytes - length, size_bytes - 1
    else:
        first, last = int(first_text), min(int(last_text or size_bytes), size_bytes - 1)
        if last_text and int(last_text) < first:
            return None
    if first >= size_bytes or last < first:
        raise RequestedRangeNotSatisfiable(size_bytes)
    return first, last - first + 1
