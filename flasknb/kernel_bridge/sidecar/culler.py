"""Shutting down kernels that nobody has needed for too long, not without a word to the pages that are there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from flasknb.kernel_bridge.culling import CullPolicy
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager

log = logging.getLogger(__name__)

WARNING_S = 60.0
"""How long before its end a page is told."""


class Culler:
    """Looks at all kernels every ``cull_interval``. Event loop only.

    Args:
        options: the ``cull_*`` options.
        shutdown: called with id and reason of each kernel that is to go.
        now_s: loop time from which the first interval counts.
    """

    def __init__(self, options: MappingKernelManager, shutdown: Callable[[str, str], None], *, now_s: float) -> None:
        self._interval_s = float(options.cull_interval)
        self._policy = CullPolicy(options.cull_idle_timeout, options.cull_connected, options.cull_busy)
        self._shutdown = shutdown
        self._looked_s = now_s
        self._warned: set[str] = set()

    def due_in_s(self, kernel: Kernel, *, now_s: float) -> float | None:
        """Seconds until ``kernel`` goes if nothing happens; ``None`` for never."""
        next_look_s = max(0.0, self._looked_s + self._interval_s - now_s)
        return self._policy.due_in_s(
            kernel.state,
            connections=kernel.connections,
            idle_for_s=kernel.idle_for_s,
            next_look_s=next_look_s,
            interval_s=self._interval_s,
        )

    def look(self, kernels: Iterable[Kernel], *, now_s: float) -> None:
        """Called every second: let go those of ``kernels`` that have been idle for too long, when it is time."""
        if self._policy.idle_s <= 0:
            return
        found = list(kernels)
        self._warn(found, now_s)
        if now_s - self._looked_s < self._interval_s:
            return
        self._looked_s = now_s
        for kernel in found:
            idle_for_s = kernel.idle_for_s
            if self._policy.is_due(kernel.state, connections=kernel.connections, idle_for_s=idle_for_s):
                log.info("kernel culled kernel_id=%s idle_s=%.0f", kernel.id, idle_for_s)
                self._shutdown(kernel.id, f"The kernel was shut down after {idle_for_s:.0f} s without activity.")

    def _warn(self, kernels: Iterable[Kernel], now_s: float) -> None:
        """Tell pages once that the end is near, and once that it is not near any more."""
        for kernel in kernels:
            due_in_s = self.due_in_s(kernel, now_s=now_s)
            is_near = due_in_s is not None and due_in_s <= WARNING_S
            if is_near and kernel.id not in self._warned:
                self._warned.add(kernel.id)
                kernel.tell_culling(due_in_s)
            elif not is_near and kernel.id in self._warned:
                self._warned.discard(kernel.id)
                kernel.tell_culling(None)
        self._warned &= {kernel.id for kernel in kernels}
