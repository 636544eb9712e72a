"""What all kernels of a sidecar share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import zmq

from flasknb.kernel_bridge.models import Change
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.rate_limits import RateLimits
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.journals import Journals
from flasknb.kernel_bridge.sidecar.managers import KernelRestarter, MappingKernelManager
from flasknb.kernel_bridge.sidecar.out_of_memory import OutOfMemory
from flasknb.kernel_bridge.status_board import StatusBoard


@dataclass(frozen=True)
class KernelContext:
    """Options and places. ``queues`` is the folder of what waits for kernels."""

    managers: MappingKernelManager
    options: KernelSidecar
    changes: Changes[Change]
    zmq: zmq.Context[zmq.Socket[bytes]]
    restarter: KernelRestarter
    limits: RateLimits
    board: StatusBoard
    journals: Journals
    queues: Path
    memory: OutOfMemory = field(default_factory=OutOfMemory)
