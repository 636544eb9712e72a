"""Taking over what the last sidecar left: kernels here, kernels behind a gateway, kernels of provisioners."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from flasknb.kernel_bridge.models import Change, ChangeKind
from flasknb.kernel_bridge.sidecar.adoption import adopted_manager, manager_elsewhere
from flasknb.kernel_bridge.sidecar.foreign import is_provisioned
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_actions import KernelActions
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.leftovers import is_running, reap
from flasknb.kernel_bridge.sidecar.lifeline import Lifeline
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager
from flasknb.kernel_bridge.sidecar.places import Places
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry
from flasknb.kernel_bridge.sidecar.roster import Roster

if TYPE_CHECKING:
    from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway

log = logging.getLogger(__name__)

ASK_PROVISIONER_S = 10.0  # whether its kernel still runs; a worker waits 30 s for the sidecar


class Takeover:
    """Done once, at the sidecar's start. Event loop only."""

    def __init__(
        self,
        context: KernelContext,
        registry: Registry,
        roster: Roster,
        places: Places,
        *,
        actions: KernelActions,
        gateway: Gateway | None,
    ) -> None:
        self._context, self._registry, self._roster, self._places = context, registry, roster, places
        self._actions, self._gateway = actions, gateway

    def take_all(self) -> None:
        """Take over what the last sidecar left running; remove what is gone."""
        kept = []
        for record in list(self._registry.records()):
            if record.elsewhere:
                kept += self._take_behind(record) if "gateway" in record.elsewhere else [record.id]
                self._roster.unasked |= {record.id} if is_provisioned(record) else set()
                continue
            is_wanted = self._context.managers.use_pending_kernels or not record.is_starting
            if is_wanted and is_running(record) and Path(record.connection_file).exists():
                kept.append(record.id)
                self._take(record)
                continue
            if is_running(record):
                log.error("kernel ended, nobody can reach it or knows of it kernel_id=%s", record.id)
            reap(record)
            self._registry.forget(record.id)
        self._registry.sweep(kept)
        self._context.journals.sweep(kept)
        self._places.sweep(kept)

    async def take_elsewhere(self) -> None:
        """Take over the kernels of provisioners, which have to be asked; before anybody is let in."""
        records = [record for record in self._registry.records() if is_provisioned(record)]
        await asyncio.gather(*(self._take_provisioned(record) for record in records))
        self._roster.unasked.clear()

    async def _take_provisioned(self, record: KernelRecord) -> None:
        log_path = self._registry.log_path(record.id)
        asking = manager_elsewhere(self._context.managers, record, log_path)
        try:
            self._go_on_with(record, await asyncio.wait_for(asking, ASK_PROVISIONER_S))
        except Exception as error:  # noqa: BLE001 - provisioners raise anything
            log.error("kernel elsewhere cannot be taken over kernel_id=%s error=%s", record.id, error or "no answer")
            self._registry.forget(record.id)

    def _take_behind(self, record: KernelRecord) -> list[str]:
        """Take over a gateway's kernel; its id, nothing where there is no such gateway any more."""
        if self._gateway is None or not self._gateway.has(record):
            log.error("kernel left behind a gateway that is no longer set kernel_id=%s", record.id)
            self._registry.forget(record.id)
            return []
        life = self._gateway.life_of(record)
        self._roster.enter(life)
        life.adopt()
        self._actions.know(record.id, record.name, record.owner)
        log.warning("kernel behind the gateway taken over kernel_id=%s", record.id)
        self._context.changes.publish(Change(ChangeKind.KERNEL_TAKEN_OVER, record.id))
        return [record.id]

    def _take(self, record: KernelRecord) -> None:
        try:
            manager = adopted_manager(self._context.managers, record, self._registry.log_path(record.id))
        except Exception as error:  # noqa: BLE001 - one unusable record must not keep the others from being taken over
            log.error("kernel cannot be taken over kernel_id=%s error=%s", record.id, error)
            return
        self._go_on_with(record, manager)

    def _go_on_with(self, record: KernelRecord, manager: ServerKernelManager) -> None:
        identity = bytes.fromhex(record.identity)
        kernel = Kernel(self._context, record.id, record.name, identity, has_past=True, owner=record.owner)
        plan = self._places.plan(record.id, record.cwd, record.env)
        lifeline = Lifeline(kernel, plan, self._context, self._registry)
        self._roster.enter(lifeline)
        lifeline.adopt(manager)
        kernel.take_over_queue()
        kernel.line.probe()
        self._actions.know(record.id, record.name, record.owner)
        log.warning("kernel taken over kernel_id=%s pid=%d", record.id, record.pid)
        self._context.changes.publish(Change(ChangeKind.KERNEL_TAKEN_OVER, record.id))
