"""Starting kernels: here, from a spare, behind a gateway; waited for or not."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpecManager

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.models import Change, ChangeKind, KernelModel, KernelRequest
from flasknb.kernel_bridge.sidecar.admission import Admission
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_actions import KernelActions
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.launch import StartAbandoned
from flasknb.kernel_bridge.sidecar.lifeline import Lifeline
from flasknb.kernel_bridge.sidecar.places import Places
from flasknb.kernel_bridge.sidecar.registry import Registry
from flasknb.kernel_bridge.sidecar.roster import Roster
from flasknb.kernel_bridge.sidecar.spare import Spare
from flasknb.kernel_bridge.sidecar.spares import Spares
from flasknb.kernel_bridge.sidecar.specs import require_spec

if TYPE_CHECKING:
    from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway
    from flasknb.kernel_bridge.sidecar.gateway.life import GatewayLife

log = logging.getLogger(__name__)

IDENTITY_BYTES = 16


class BackgroundTasks:
    """Work that nobody waits for. Event loop only."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it, and hold it until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class KernelStarts:
    """Event loop only."""

    def __init__(
        self,
        context: KernelContext,
        registry: Registry,
        roster: Roster,
        places: Places,
        *,
        specs: KernelSpecManager,
        spares: Spares,
        admission: Admission,
        actions: KernelActions,
        tasks: BackgroundTasks,
    ) -> None:
        self._context, self._registry, self._roster, self._places = context, registry, roster, places
        self._specs, self._spares, self._admission = specs, spares, admission
        self._actions, self._tasks = actions, tasks

    async def here(self, request: KernelRequest, session_name: str | None) -> KernelModel:
        """Start a kernel of an installed specification. Raises as ``Kernels.start``."""
        name = request.name or self._context.managers.default_kernel_name
        spare = None if request.kernel_id else self._spares.nearest(name)
        kernel_id = self._roster.free_id(request.kernel_id) if spare is None else spare.kernel_id
        with self._actions.watched("start", kernel_id, name, request.owner):
            return await self._start(request, kernel_id, name, session_name, spare)

    async def behind(self, gateway: Gateway, request: KernelRequest) -> KernelModel:
        """The same behind a gateway, which says itself what the kernel's id is."""
        wanted_id = None if request.kernel_id is None else self._roster.free_id(request.kernel_id)
        name = request.name or await gateway.default_name(self._context.managers.default_kernel_name)
        self._admission.kernel(request.owner, self._roster.owners())
        self._roster.arriving.append(request.owner)
        try:
            with self._actions.watched("start", wanted_id or "", name, request.owner):
                life = await gateway.launch(request, name, self._places.working_dir(request.disk_cwd))
        finally:
            self._roster.arriving.remove(request.owner)
        self._roster.enter(life)
        with self._actions.watched("start", life.kernel.id, name, request.owner):
            await self._first_answer(life)
        return life.kernel.model

    async def _start(
        self, request: KernelRequest, kernel_id: str, name: str, session_name: str | None, spare: Spare | None
    ) -> KernelModel:
        require_spec(self._specs, name)
        self._admission.kernel(request.owner, self._roster.owners())
        env = {**request.env, **({"JPY_SESSION_NAME": session_name} if session_name else {})}
        identity = os.urandom(IDENTITY_BYTES).hex().encode()
        kernel = Kernel(self._context, kernel_id, name, identity, owner=request.owner)
        plan = self._places.plan(kernel_id, self._places.working_dir(request.disk_cwd), env)
        self._spares.note_start(spare)
        lifeline = Lifeline(kernel, plan, self._context, self._registry, spare=spare)
        self._roster.enter(lifeline)
        if self._context.managers.use_pending_kernels:
            self._tasks.begin(self._start_pending(lifeline))
        else:
            await self._first_answer(lifeline)
        return kernel.model

    async def _first_answer(self, life: Lifeline | GatewayLife) -> None:
        try:
            await life.start()
        except BaseException:
            self._roster.strike(life.kernel.id)
            raise
        self._tell_started(life.kernel)

    async def _start_pending(self, lifeline: Lifeline) -> None:
        """A start that nobody waits for: its failure is told to the pages, and shown with the kernel."""
        try:
            await lifeline.start()
        except StartAbandoned:
            return  # whoever abandoned it goes on with the kernel
        except KernelFailed as error:
            lifeline.give_up(str(error))
        else:
            self._tell_started(lifeline.kernel)

    def _tell_started(self, kernel: Kernel) -> None:
        log.info("kernel started kernel_id=%s name=%s", kernel.id, kernel.name)
        self._context.changes.publish(Change(ChangeKind.KERNEL_STARTED, kernel.id))
