"""How a page of ours, or of somebody else, asks for a websocket; for tests of what is answered before any upgrade."""

from __future__ import annotations

import uuid
from typing import Any

from tests.conftest import Visitor

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
OWN_ORIGIN = "http://localhost"
FOREIGN_ORIGIN = {"Origin": "http://evil.example"}


def join(visitor: Visitor, kernel_id: str | None = None, **headers: str) -> Any:
    """Ask for a kernel's websocket; what comes back is the answer before any upgrade."""
    path = f"api/kernels/{kernel_id or uuid.uuid4()}/channels?session_id=s"
    return visitor.get(path, headers={**UPGRADE, **headers})
