"""The kernels of one instance by id: ours, those of a gateway, those that others started."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeAlias

from traitlets.config import Config

from flasknb.errors import BadRequest, KernelIdTaken, KernelMissing
from flasknb.kernel_bridge.lifecycle import State
from flasknb.kernel_bridge.models import SidecarStatus
from flasknb.kernel_bridge.sidecar.external import ExternalKernels, ExternalLife
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.lifeline import Lifeline

if TYPE_CHECKING:
    from flasknb.kernel_bridge.sidecar.gateway.life import GatewayLife

log = logging.getLogger(__name__)

Life: TypeAlias = "Lifeline | ExternalLife | GatewayLife"

UUID_SHAPE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DEAD_STATE = "dead"


class Roster:
    """Event loop only.

    Args:
        due_in_s: seconds until a kernel is culled if nothing happens.
    """

    def __init__(self, config: Config, context: KernelContext, due_in_s: Callable[[Kernel], float | None]) -> None:
        self._context, self._due_in_s = context, due_in_s
        self._lives: dict[str, Life] = {}
        self._external = ExternalKernels(config, context)
        self._started = datetime.now(timezone.utc)
        self.arriving: list[str] = []
        """Owners of kernels that a gateway is launching."""
        self.unasked: set[str] = set()
        """Of provisioners, at the start: their kernels are not given up yet."""

    def __contains__(self, kernel_id: object) -> bool:
        return kernel_id in self._lives

    def find(self, kernel_id: str) -> Life | None:
        """The kernel with this id, dead or not."""
        return self._lives.get(kernel_id)

    def life(self, kernel_id: str) -> Life:
        """The same. Raises KernelMissing."""
        try:
            return self._lives[kernel_id]
        except KeyError:
            raise KernelMissing(f"Kernel does not exist: {kernel_id}") from None

    def lives(self) -> list[Life]:
        """All of them."""
        return list(self._lives.values())

    def kernels(self) -> list[Kernel]:
        """All of them."""
        return [life.kernel for life in self._lives.values()]

    def kernels_of_ours(self) -> list[Kernel]:
        """Those that nobody else started."""
        return [life.kernel for life in self._lives.values() if not isinstance(life, ExternalLife)]

    def is_alive(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, and it is not dead."""
        if kernel_id in self.unasked:
            return True
        return kernel_id in self._lives and self._lives[kernel_id].kernel.model.execution_state != DEAD_STATE

    def owners(self) -> list[str]:
        """Of each kernel that limits count: ours that are not dead, and those that come."""
        return [*self.arriving, *(kernel.owner for kernel in self.kernels_of_ours() if kernel.state is not State.DEAD)]

    def free_id(self, wanted: str | None) -> str:
        """``wanted``, or a new one. Raises BadRequest, KernelIdTaken."""
        if wanted is None:
            return str(uuid.uuid4())
        if not UUID_SHAPE.fullmatch(wanted):
            raise BadRequest(f"A kernel id is a UUID, not {wanted[:80]!r}")
        if wanted in self._lives:
            raise KernelIdTaken(f"Kernel already exists: {wanted}")
        return wanted

    def enter(self, life: Life) -> None:
        """There is one more."""
        self._context.board.take_down()
        kernel = life.kernel
        self._lives[kernel.id] = life
        if isinstance(life, Lifeline):
            kernel.due_in_s = lambda: self._due_in_s(kernel)

    def strike(self, kernel_id: str) -> Life | None:
        """It is gone for good, with all that it said."""
        self._context.board.take_down()
        self._context.journals.remove(kernel_id)
        return self._lives.pop(kernel_id, None)

    def look_outside(self) -> None:
        """Notice kernels that others started or ended."""
        come, gone = self._external.look()
        for kernel_id, life in come.items():
            self.enter(life)
            log.info("external kernel found kernel_id=%s name=%s", kernel_id, life.kernel.name)
        for kernel_id in gone:
            lost = self.strike(kernel_id)
            if isinstance(lost, ExternalLife):
                lost.vanish()
                lost.kernel.end("The kernel's connection file is gone.")

    def status(self) -> SidecarStatus:
        """Figures for ``/api/status``."""
        kernels = self.kernels()
        latest = max([self._started, *(kernel.last_activity for kernel in kernels)])
        return SidecarStatus(
            connections=sum(kernel.connections for kernel in kernels),
            kernels=len(kernels),
            last_activity=_iso(latest),
            started=_iso(self._started),
        )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
