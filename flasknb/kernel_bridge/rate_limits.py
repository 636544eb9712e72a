"""The classic limits of one page's output: messages and bytes of text a second. Pure: the clock is an argument.

They act on what is left after merging: while more comes than is allowed, messages wait a moment in the page's queue,
where text of one stream joins and superseded updates vanish. What then is still too much is left out, with a notice
where it begins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.fanout import stderr_notice

UNCOUNTED_TYPES = frozenset({"status", "comm_open", "execute_input", "error"})
RESUME_SHARE = 0.8  # of the limit, below which output passes again
SHORTEST_HOLD_S = 0.05
CONTENT = 4


@dataclass(frozen=True)
class RateLimits:
    """Messages a second, bytes of stream text a second, seconds that both are averaged over; 0 is no limit."""

    messages_per_s: float = 0.0
    bytes_per_s: float = 0.0
    window_s: float = 3.0

    @property
    def is_on(self) -> bool:
        """Whether there is anything to limit."""
        return self.messages_per_s > 0 or self.bytes_per_s > 0


class FlowLimiter:
    """What one page may be sent. One caller at a time; times are monotonic seconds."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._sent: deque[tuple[float, int, int]] = deque()
        self._messages = self._bytes = 0
        self._last_pass_s = float("-inf")
        self._exceeded = ""
        self.dropped = 0

    def hold_s(self, now_s: float) -> float:
        """How long messages shall wait and merge; 0 while there is room."""
        limit = self._limits.messages_per_s
        self._forget(now_s)
        if limit <= 0 or self._messages < limit * self._limits.window_s * RESUME_SHARE:
            return 0.0
        # what is left of the limit is spread over the window, one message at a time
        hold_s = min(max(SHORTEST_HOLD_S, 1 / (limit * (1 - RESUME_SHARE))), self._limits.window_s)
        return max(0.0, self._last_pass_s + hold_s - now_s)

    def passed(self, entries: Iterable[Entry], now_s: float) -> list[Entry]:
        """Those of ``entries`` that are sent at ``now_s``, with a notice where output begins to be left out."""
        self._last_pass_s = now_s
        return [one for entry in entries for one in self._judged(entry, now_s)]

    def _judged(self, entry: Entry, now_s: float) -> Sequence[Entry]:
        if entry.channel != "iopub":
            return [entry]
        if entry.msg_type in UNCOUNTED_TYPES:
            if entry.msg_type == "status" and _content(entry).get("execution_state") == "idle":
                self._reset()
            return [entry]
        self._forget(now_s)
        size = _text_bytes(entry) if entry.msg_type == "stream" else 0
        before, self._exceeded = self._exceeded, self._too_much(size)
        if not self._exceeded:
            self._count(now_s, size)
            return [entry]
        self.dropped += 1
        return [] if before else [stderr_notice(entry, self._notice())]

    def _too_much(self, size: int) -> str:
        """``"msg"`` or ``"data"`` where the limit of that name is exceeded by one more message of ``size`` bytes."""
        share = RESUME_SHARE if self._exceeded else 1.0
        window_s = self._limits.window_s
        for name, limit, amount in (
            ("msg", self._limits.messages_per_s, self._messages + 1),
            ("data", self._limits.bytes_per_s, self._bytes + size),
        ):
            if limit > 0 and amount / window_s > limit * share:
                return name
        return ""

    def _count(self, now_s: float, size: int) -> None:
        self._sent.append((now_s, 1, size))
        self._messages += 1
        self._bytes += size

    def _forget(self, now_s: float) -> None:
        while self._sent and self._sent[0][0] <= now_s - self._limits.window_s:
            _, messages, size = self._sent.popleft()
            self._messages -= messages
            self._bytes -= size

    def _reset(self) -> None:
        self._sent.clear()
        self._messages = self._bytes = 0
        self._exceeded = ""

    def _notice(self) -> str:
        what, option, limit, unit = {
            "msg": ("message", "iopub_msg_rate_limit", self._limits.messages_per_s, "msgs/sec"),
            "data": ("data", "iopub_data_rate_limit", self._limits.bytes_per_s, "bytes/sec"),
        }[self._exceeded]
        return (
            f"IOPub {what} rate exceeded.\n"
            "Output of this cell is left out until less of it comes; the cell itself goes on.\n"
            f"The limit is an option of the server: --ServerApp.{option}\n\n"
            "Current values:\n"
            f"ServerApp.{option}={limit} ({unit})\n"
            f"ServerApp.rate_limit_window={self._limits.window_s} (secs)\n"
        )


def _text_bytes(entry: Entry) -> int:
    return len(entry.parts[CONTENT])


def _content(entry: Entry) -> dict[str, Any]:
    try:
        content = orjson.loads(entry.parts[CONTENT])
    except orjson.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}
