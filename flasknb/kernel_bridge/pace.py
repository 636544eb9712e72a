"""When to leave what a kernel says with the kernel for a moment, so that no bound is reached. Pure.

A kernel can say more in a second than a page, or a disk, takes. While everybody is behind there is no hurry to hear
more: nobody would see it sooner, and what journal and queues have no room for would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

PAUSE_S = 0.005
STALLED_S = 2.0  # whoever takes nothing for so long holds up nobody
LONGEST_S = 20.0  # of one flood: what a kernel says must be heard in the end
MEMORY_BYTES = 768 * 1024 * 1024  # above it journals have to drop what they cannot keep


class Backlog(NamedTuple):
    """What waits: for the reader that is furthest, and for the disk.

    ``taken`` changes when one of them takes a piece.
    """

    reader_bytes: int
    disk_bytes: int
    taken: tuple[int, int]


class Pace:
    """Decides about one kernel, again and again.

    Args:
        reader_bytes, disk_bytes: above these the kernel may wait.
        memory_bytes: what this process has taken of memory, where what the kernel says meanwhile piles up.
    """

    def __init__(self, *, reader_bytes: int, disk_bytes: int, memory_bytes: Callable[[], int]) -> None:
        self._reader_bytes, self._disk_bytes, self._memory_bytes = reader_bytes, disk_bytes, memory_bytes
        self._since_s: float | None = None
        self._moved_s = 0.0
        self._taken = (0, 0)

    def pause_s(self, backlog: Backlog, now_s: float) -> float:
        """For how long to hear nothing now; 0 to go on."""
        if backlog.reader_bytes <= self._reader_bytes and backlog.disk_bytes <= self._disk_bytes:
            self._since_s = None
            return 0.0
        if self._since_s is None:
            self._since_s = now_s
        if self._since_s == now_s or backlog.taken != self._taken:
            self._moved_s, self._taken = now_s, backlog.taken
        is_over = now_s - self._moved_s > STALLED_S or now_s - self._since_s > LONGEST_S
        is_over = is_over or self._memory_bytes() > MEMORY_BYTES
        return 0.0 if is_over else PAUSE_S
