"""When a kernel last worked for somebody, and whether it works now: what the REST API shows, and culling goes by."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any

import orjson

from flasknb.kernel_bridge.lifecycle import Event, State

STATUS_EVENTS = {"busy": Event.BUSY, "idle": Event.IDLE}


class Activity:
    """Follows one kernel's iopub. Event loop only.

    Args:
        untracked: message types that are no work, such as kernel_info_request (rest-api §5.2).
    """

    def __init__(self, untracked: Collection[str]) -> None:
        self._untracked = frozenset(untracked)
        self._last_wall_s, self._last_s = time.time(), time.monotonic()

    def idle_for_s(self) -> float:
        """Seconds since it last worked, whatever happens to the clock."""
        return time.monotonic() - self._last_s

    @property
    def last(self) -> datetime:
        """When it last worked."""
        return datetime.fromtimestamp(self._last_wall_s, timezone.utc)

    def note(self, msg_type: str, parent_type: str, content: bytes, state: State) -> Event | None:
        """What a message of a kernel in ``state`` means for its state; ``None`` for nothing.

        Args:
            parent_type: of the request that it is about.
        """
        is_work = parent_type != "" and parent_type not in self._untracked
        if is_work or msg_type not in self._untracked or state is State.BUSY:
            self._last_wall_s, self._last_s = time.time(), time.monotonic()
        if is_work and msg_type == "status":
            return STATUS_EVENTS.get(str(object_of(content).get("execution_state", "")))
        return None


def object_of(content: bytes) -> dict[str, Any]:
    """A message's content, ``{}`` where it makes no sense."""
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
