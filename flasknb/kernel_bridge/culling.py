"""Which kernels have been idle for too long. Pure: the clock is an argument."""

from __future__ import annotations

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

    def is_due(self, state: State, *, connections: int, idle_for_s: float) -> bool:
        """Whether a kernel in ``state`` that did nothing for ``idle_for_s`` seconds is to go."""
        if self.idle_s <= 0 or idle_for_s < self.idle_s or (connections > 0 and not self.connected):
            return False
        return state is State.IDLE or (state is State.BUSY and self.busy)
