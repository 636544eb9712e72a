"""The request as values: JSON bodies and query flags. Knows limits and malformed input, not what the fields mean."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from io import BytesIO
from time import monotonic
from typing import Any, TypeVar, cast

import orjson
from flask import request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from flasknb.blueprints.context import request_state
from flasknb.blueprints.offload import let_others_run
from flasknb.contents.wellformed import is_exact
from flasknb.errors import BadRequest

log = logging.getLogger(__name__)
Received = TypeVar("Received")

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
PIECE_BYTES = 1 << 16
READ_BYTES = 256 * 1024  # at once
TURN_S = 0.002  # between two looks at other requests
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def json_body(required: bool = False) -> dict[str, Any] | None:
    """The JSON object the client sent, ``None`` when it sent nothing (or ``null``).

    The content type is not looked at: many clients send none.

    Args:
        required: an empty body is an error too.

    Raises:
        BadRequest: not JSON, not an object, or nothing where something is needed.
    """
    parsed = object_in(body_bytes(cache=True))
    if parsed is None and required:
        raise BadRequest("No JSON data provided")
    return parsed


def body_bytes(cache: bool = False) -> bytes:
    """What the client sent. Raises BadRequest where it did not arrive whole."""
    if not cache and (request.content_length or 0) > PIECE_BYTES:
        return _received(_large_body)
    body = _received(lambda: request.get_data(cache=cache))
    limit_bytes = request.max_content_length
    if request.content_length is None and limit_bytes is not None and len(body) >= limit_bytes:
        request_state().has_read_body = False
        raise RequestEntityTooLarge()  # Werkzeug ends a body of unknown length there, and says nothing
    return body


def object_in(raw: bytes, *, exactly: bool = False) -> dict[str, Any] | None:
    """The JSON object ``raw``, ``None`` for nothing and for ``null``. Raises BadRequest. Does not use the request.

    Args:
        exactly: it is going to be stored, so long whole numbers keep all their digits; NaN and infinite numbers,
            which programs in Python send, are taken too.
    """
    parse = _parse_exactly if exactly else _parse
    parsed = parse(raw) if raw and not raw.isspace() else None
    if parsed is None:
        return None
    if not isinstance(parsed, dict):
        raise BadRequest(f"The body must be a JSON object, not {_kind(parsed)}")
    return cast("dict[str, Any]", parsed)


def form_field(name: str) -> str:
    """The field ``name`` of the form the client sent; ``""`` when it has none. Raises BadRequest for a broken body."""
    return _received(lambda: request.form.get(name, ""))


def has_form() -> bool:
    """Whether the client sent a form."""
    return request.mimetype in FORM_TYPES


def flag_argument(name: str, default: bool) -> bool:
    """A yes-or-no query argument such as ``content=0``.

    Raises:
        BadRequest: neither of 0, 1, true, false, yes, no, on, off.
    """
    value = request.args.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise BadRequest(f"{name}={value[:40]!r} is neither 0 nor 1")


def text_field(body: dict[str, Any], name: str) -> str | None:
    """The string ``body[name]``; ``None`` when it is absent or null.

    Raises:
        BadRequest: another type.
    """
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"{name} must be a string, not {_kind(value)}")


def object_field(body: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The object ``body[name]``; ``None`` when it is absent or null.

    Raises:
        BadRequest: another type.
    """
    value = body.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise BadRequest(f"{name} must be an object, not {_kind(value)}")


def _received(read: Callable[[], Received]) -> Received:
    """What ``read`` finds in the body. A broken chunk or a lost client is the client's doing, not our bug."""
    try:
        received = read()
    except HTTPException:
        raise
    except Exception as error:  # nothing but the server's reader runs here, and each server has errors of its own
        log.info("request body broken error=%s", type(error).__name__)
        raise BadRequest("The body of the request did not arrive whole") from error
    request_state().has_read_body = True
    return received


def _large_body() -> bytes:
    """The body, read in large pieces to where it stays; Werkzeug's own reading copies every byte several times.

    A client near by sends as fast as we read, so that no read waits and lets other requests in.
    """
    _ = request.stream  # refuses a body over the limit
    length_bytes = request.content_length or 0
    read_into = _reader()
    body = BytesIO(bytes(length_bytes))  # of memory that nobody has touched: it is taken as the body arrives
    arrived_bytes, turn_ends_s = 0, monotonic() + TURN_S
    with body.getbuffer() as room:
        while arrived_bytes < length_bytes:
            count = read_into(room[arrived_bytes : arrived_bytes + READ_BYTES])
            if not count:
                raise ClientDisconnected()
            arrived_bytes += count
            if monotonic() >= turn_ends_s:
                let_others_run()
                turn_ends_s = monotonic() + TURN_S
    return body.getvalue()


def _reader() -> Callable[[memoryview], int]:
    """Reads some of the body into a buffer; 0 where there is no more."""
    source = request.environ["wsgi.input"]
    if hasattr(source, "readinto"):
        return cast("Callable[[memoryview], int]", source.readinto)

    def read_into(room: memoryview) -> int:
        piece = source.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

    return read_into


def _parse(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest("Invalid JSON in body of request") from error


def _parse_exactly(raw: bytes) -> Any:
    try:
        parsed = orjson.loads(raw)
        if is_exact(parsed):
            return parsed
    except orjson.JSONDecodeError:
        parsed = None
    try:
        slowly = json.loads(raw.decode())
        json.dumps(slowly, ensure_ascii=False).encode()  # no half of a character, which nothing can store
    except (ValueError, RecursionError) as error:
        if parsed is not None:
            return parsed
        raise BadRequest("Invalid JSON in body of request") from error
    return slowly


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "an object", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
