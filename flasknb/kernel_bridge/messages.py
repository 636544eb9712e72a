"""Kernel messages as raw parts: signing, checking, peeking at headers, building. Pure: content is never parsed."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import orjson

DELIMITER = b"<IDS|MSG>"
PROTOCOL_VERSION = "5.4"
DIGESTS_REMEMBERED = 65_536
SIGNED_PARTS = 4


class BadMessage(ValueError):
    """A kernel message that cannot be trusted or read."""


@dataclass(frozen=True)
class WireMessage:
    """One message as ZMQ carries it, signature already dealt with. Every part but the buffers is JSON bytes."""

    header: bytes
    parent_header: bytes
    metadata: bytes
    content: bytes
    buffers: Sequence[bytes] = ()

    @property
    def signed_parts(self) -> tuple[bytes, bytes, bytes, bytes]:
        """What the signature covers, in its order."""
        return self.header, self.parent_header, self.metadata, self.content


@dataclass(frozen=True)
class Header:
    """The fields of a message header that routing needs; missing ones are empty."""

    msg_id: str = ""
    msg_type: str = ""
    session: str = ""


def peek(header: bytes) -> Header:
    """Read the routing fields of one header part. Raises BadMessage when it is no JSON object with text fields."""
    try:
        fields = orjson.loads(header)
    except orjson.JSONDecodeError as error:
        raise BadMessage(f"a message header is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadMessage("a message header is not a JSON object")
    found = Header(fields.get("msg_id") or "", fields.get("msg_type") or "", fields.get("session") or "")
    if not (isinstance(found.msg_id, str) and isinstance(found.msg_type, str) and isinstance(found.session, str)):
        raise BadMessage("a message header has a msg_id, msg_type or session that is not text")
    return found


def is_readable(message: WireMessage) -> bool:
    """Whether a kernel can make sense of the parts: one that it cannot it drops, without an answer."""
    try:
        parts = [orjson.loads(part) for part in message.signed_parts]
    except orjson.JSONDecodeError:
        return False
    return all(isinstance(part, dict) for part in parts) and bool(parts[0].get("msg_id"))


class Signer:
    """Signs and checks messages of one kernel. Remembers the signatures it has seen, so that none counts twice.

    Args:
        key: the connection file's key; empty switches signing off, as the messaging protocol says.
        scheme: ``hmac-<hash name>``.
    """

    def __init__(self, key: bytes, scheme: str = "hmac-sha256") -> None:
        self._base = hmac.new(key, digestmod=_hash_name(scheme)) if key else None
        self._seen: set[bytes] = set()
        self._order: deque[bytes] = deque()

    def signature(self, parts: Sequence[bytes]) -> bytes:
        """Hexadecimal signature over ``[header, parent_header, metadata, content]``."""
        if self._base is None:
            return b""
        digest = self._base.copy()
        for part in parts:
            digest.update(part)
        return digest.hexdigest().encode()

    def pack(self, message: WireMessage) -> list[bytes]:
        """The ZMQ frames that carry ``message`` to a kernel."""
        parts = message.signed_parts
        return [DELIMITER, self.signature(parts), *parts, *message.buffers]

    def unpack(self, frames: Sequence[bytes]) -> WireMessage:
        """Read ZMQ frames from a kernel. Raises BadMessage: incomplete, wrongly signed, or seen before."""
        try:
            start = frames.index(DELIMITER) + 1
        except ValueError:
            raise BadMessage("a kernel message has no delimiter") from None
        if len(frames) < start + 1 + SIGNED_PARTS:
            raise BadMessage(f"a kernel message has {len(frames) - start} parts after its delimiter, at least 5 belong")
        parts = frames[start + 1 : start + 1 + SIGNED_PARTS]
        self._check(frames[start], parts)
        return WireMessage(parts[0], parts[1], parts[2], parts[3], tuple(frames[start + 1 + SIGNED_PARTS :]))

    def _check(self, signature: bytes, parts: Sequence[bytes]) -> None:
        if self._base is None:
            return
        if not hmac.compare_digest(signature, self.signature(parts)):
            raise BadMessage("a kernel message has a wrong signature")
        if signature in self._seen:
            raise BadMessage("a kernel message came a second time")
        self._remember(signature)

    def _remember(self, signature: bytes) -> None:
        self._seen.add(signature)
        self._order.append(signature)
        if len(self._order) > DIGESTS_REMEMBERED:
            self._seen.discard(self._order.popleft())


def is_utf8(part: bytes) -> bool:
    """Whether ``part`` may travel in a text frame."""
    if part.isascii():
        return True
    try:
        part.decode()
    except UnicodeDecodeError:
        return False
    return True


def build(
    msg_type: str, content: Mapping[str, Any], *, session: str, parent_header: bytes = b"{}", username: str = "flasknb"
) -> WireMessage:
    """A new message of our own with a fresh id and the current time."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": msg_type,
        "username": username,
        "session": session,
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "version": PROTOCOL_VERSION,
    }
    return WireMessage(orjson.dumps(header), parent_header, b"{}", orjson.dumps(content))


def _hash_name(scheme: str) -> str:
    prefix, _, name = scheme.partition("-")
    if prefix != "hmac" or name not in hashlib.algorithms_available:
        raise BadMessage(f"signature scheme {scheme!r} is not supported; use one like hmac-sha256")
    return name
