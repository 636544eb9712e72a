"""What the contents service says about an entry, and its JSON. Knows field names and formats, not the disk."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, TypedDict

import orjson

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TYPES = ("directory", "file", "notebook")
JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class ContentsModel(TypedDict, total=False):
    """One file, notebook or directory as the REST API shows it (a plain dict at run time, as subclasses expect)."""

    name: str
    path: str
    type: str | None
    writable: bool
    created: datetime
    last_modified: datetime
    size: int | None
    mimetype: str | None
    content: Any
    format: str | None
    hash: str | None
    hash_algorithm: str | None
    message: str
    chunk: int
    upload: str


class CheckpointModel(TypedDict):
    """One restorable older version of a file."""

    id: str
    last_modified: datetime


def timestamp(seconds: float) -> datetime:
    """UTC time ``seconds`` after 1970; the epoch itself where the calendar ends (a damaged mtime)."""
    try:
        return datetime.fromtimestamp(seconds, tz=timezone.utc)
    except (OverflowError, ValueError, OSError):
        return EPOCH


def to_json(value: Any) -> bytes:
    """Bytes of ``value`` as JSON; times as ISO 8601 in UTC ending in ``Z``."""
    try:
        return orjson.dumps(value, default=_plain, option=JSON_OPTIONS)
    except orjson.JSONEncodeError:
        # whole numbers beyond 64 bit and lone surrogates: legal in a notebook, refused by orjson
        return json.dumps(value, default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode("ascii")
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
