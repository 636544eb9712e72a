"""Shutting down kernels that nobody has needed for too long."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timezone

from flasknb.kernel_bridge.culling import CullPolicy
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager

log = logging.getLogger(__name__)


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

    def look(self, kernels: Iterable[Kernel], *, now_s: float) -> None:
        """Let go those of ``kernels`` that have been idle for too long, when it is time to look."""
        if self._policy.idle_s <= 0 or now_s - self._looked_s < self._interval_s:
            return
        self._looked_s = now_s
        now = datetime.now(timezone.utc)
        for kernel in list(kernels):
            idle_for_s = (now - kernel.last_activity).total_seconds()
            if self._policy.is_due(kernel.state, connections=kernel.connections, idle_for_s=idle_for_s):
                log.info("kernel culled kernel_id=%s idle_s=%.0f", kernel.id, idle_for_s)
                self._shutdown(kernel.id, f"The kernel was shut down after {idle_for_s:.0f} s without activity.")
