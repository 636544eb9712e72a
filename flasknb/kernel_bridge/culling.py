"""Which kernels have been idle for too long. Pure: the clock is an argument."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flasknb.kernel_bridge.lifecycle import State


@dataclass(frozen=True)
class CullPolicy:
    """When a kernel is shut down because nobody needs it.

    Args:
        idle_s: seconds without activity; 0 for never.
        connected: also while a page is connected.
        busy: also while it works.
    """

    idle_s: float
    connected: bool = False
    busy: bool = False

    def due_in_s(
        self, state: State, *, connections: int, idle_for_s: float, next_look_s: float, interval_s: float
    ) -> float | None:
        """Seconds until a kernel goes if nothing happens: at the first look at which it has been idle for long enough.

        Args:
            next_look_s: seconds until the next look.
            interval_s: seconds between two looks.

        Returns:
            ``None`` for never.
        """
        if not self.is_due(state, connections=connections, idle_for_s=max(self.idle_s, idle_for_s)):
            return None
        wait_s = self.idle_s - idle_for_s - next_look_s
        looks = math.ceil(max(0.0, wait_s) / interval_s) if interval_s > 0 else 0
        return max(0.0, next_look_s + looks * interval_s)

    def is_due(self, state: State, *, connections: int, idle_for_s: float) -> bool:
        """Whether a kernel in ``state`` that did nothing for ``idle_for_s`` seconds is to go."""
        if self.idle_s <= 0 or idle_for_s < self.idle_s or (connections > 0 and not self.connected):
            return False
        return state is State.IDLE or (state is State.BUSY and self.busy)
