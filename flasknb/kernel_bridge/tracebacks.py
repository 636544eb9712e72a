"""Messages without what failed and where, for servers that must not show it. Pure."""

from __future__ import annotations

from typing import Any

import orjson

ENAME, EVALUE = "ExecutionError", "Execution error"


def without_traceback(msg_type: str, content: bytes, replacement: str) -> bytes:
    """``content`` of a kernel's message; that of an error, as output or as reply, tells ``replacement`` instead."""
    is_reply = msg_type.endswith("_reply") and b"traceback" in content
    if msg_type != "error" and not is_reply:
        return content
    told = _json_object(content)
    if is_reply and told.get("status") != "error":
        return content
    return orjson.dumps({**told, "ename": ENAME, "evalue": EVALUE, "traceback": [replacement]})


def _json_object(content: bytes) -> dict[str, Any]:
    """``{}`` where it is none: then nothing of it is shown."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
