"""When to leave what a kernel says with the kernel for a moment, so that no bound is reached. Pure.

A kernel can say more in a second than a page, or a disk, takes. While everybody is behind there is no hurry to hear
more: nobody would see it sooner, and what journal and queues have no room for would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

PAUSE_S = 0.005
READER_STALLED_S = 5.0  # a page that takes nothing for so long holds up nobody; 10 MB over a slow line may take 4 s
DISK_STALLED_S = 15.0  # a busy disk may need seconds to bring to safety what it was given
LONGEST_S = 60.0  # of one flood: what a kernel says must be heard in the end
MEMORY_BYTES = 768 * 1024 * 1024  # above it journals have to drop what they cannot keep


class Backlog(NamedTuple):
    """What waits: for the reader that is furthest, who has got the message numbered ``sent``, and for the disk."""

    reader_bytes: int
    disk_bytes: int
    sent: int


class _Progress:
    """Whether something has changed lately."""

    def __init__(self, stalled_s: float) -> None:
        self._stalled_s = stalled_s
        self._moved_s, self._value = 0.0, 0

    def begin(self, value: int, now_s: float) -> None:
        self._moved_s, self._value = now_s, value

    def is_made(self, value: int, now_s: float) -> bool:
        if value != self._value:
            self.begin(value, now_s)
        return now_s - self._moved_s <= self._stalled_s


class Pace:
    """Decides about one kernel, again and again.

    Args:
        reader_bytes, disk_bytes: above these the kernel may wait.
        memory_bytes: what this process has taken of memory, where what the kernel says meanwhile piles up.
    """

    def __init__(self, *, reader_bytes: int, disk_bytes: int, memory_bytes: Callable[[], int]) -> None:
        self.reader_bytes, self.disk_bytes, self._memory_bytes = reader_bytes, disk_bytes, memory_bytes
        self._since_s: float | None = None
        self._reader, self._disk = _Progress(READER_STALLED_S), _Progress(DISK_STALLED_S)

    def pause_s(self, backlog: Backlog, now_s: float) -> float:
        """For how long to hear nothing now; 0 to go on."""
        is_reader_behind = backlog.reader_bytes > self.reader_bytes
        is_disk_behind = backlog.disk_bytes > self.disk_bytes
        if not (is_reader_behind or is_disk_behind):
            self._since_s = None
            return 0.0
        if self._since_s is None:
            self._since_s = now_s
            self._reader.begin(backlog.sent, now_s)
            self._disk.begin(backlog.disk_bytes, now_s)
        reader_moves = self._reader.is_made(backlog.sent, now_s)
        disk_moves = self._disk.is_made(backlog.disk_bytes, now_s)
        helps = (is_reader_behind and reader_moves) or (is_disk_behind and disk_moves)
        is_over = now_s - self._since_s > LONGEST_S or self._memory_bytes() > MEMORY_BYTES
        return PAUSE_S if helps and not is_over else 0.0
