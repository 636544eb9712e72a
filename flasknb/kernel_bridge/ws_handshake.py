"""The answer to a websocket's handshake (RFC 6455 §4.2), where that is an ordinary one. Pure: no sockets."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY_BYTES = 16


def accepting(environ: Mapping[str, Any], subprotocol: str) -> str | None:
    """The head that accepts the request, without extensions; ``None`` for a request that needs a closer look.

    Args:
        environ: WSGI environ of the request.
        subprotocol: the one to answer with, which the client has offered; ``""`` for none.
    """
    key = str(environ.get("HTTP_SEC_WEBSOCKET_KEY", "")).strip()
    is_ordinary = (
        environ.get("REQUEST_METHOD") == "GET"
        and environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and str(environ.get("HTTP_UPGRADE", "")).lower() == "websocket"
        and "upgrade" in [word.strip() for word in str(environ.get("HTTP_CONNECTION", "")).lower().split(",")]
        and "HTTP_HOST" in environ
        and _is_key(key)
    )
    if not is_ordinary:
        return None
    proof = base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()  # noqa: S324 - what the RFC says
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: WebSocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Accept: {proof}"]
    lines += [f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []
    return "\r\n".join([*lines, "", ""])


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False
