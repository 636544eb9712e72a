"""All kernels of one instance: what can be asked of them. Starting and taking over are neighbours' work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import zmq
from jupyter_client.kernelspec import KernelSpecManager

from flasknb.errors import KernelMissing
from flasknb.kernel_bridge.gateway_options import GatewayClient
from flasknb.kernel_bridge.lifecycle import RISING, State
from flasknb.kernel_bridge.limits import ResourceLimits
from flasknb.kernel_bridge.models import (
    Change,
    ChangeKind,
    KernelModel,
    KernelRequest,
    KernelSpecModel,
    KernelSpecs,
    RaisedEvent,
    SidecarStatus,
)
from flasknb.kernel_bridge.options import KernelSidecar, ZMQChannelsWebsocketConnection
from flasknb.kernel_bridge.sidecar.admission import Admission
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.chosen import chosen
from flasknb.kernel_bridge.sidecar.culler import Culler
from flasknb.kernel_bridge.sidecar.early_spare import EarlySpare
from flasknb.kernel_bridge.sidecar.external import ServerApp
from flasknb.kernel_bridge.sidecar.installed_kernels import InstalledKernels
from flasknb.kernel_bridge.sidecar.journals import Journals
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_actions import KernelActions
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.kernel_starts import BackgroundTasks, KernelStarts
from flasknb.kernel_bridge.sidecar.managers import AsyncMappingKernelManager, KernelRestarter
from flasknb.kernel_bridge.sidecar.memory import Thrift
from flasknb.kernel_bridge.sidecar.places import Places, runtime_dir
from flasknb.kernel_bridge.sidecar.registry import Registry
from flasknb.kernel_bridge.sidecar.roster import Roster
from flasknb.kernel_bridge.sidecar.settings import Settings
from flasknb.kernel_bridge.sidecar.spares import Spares
from flasknb.kernel_bridge.sidecar.specs import list_specs, one_spec
from flasknb.kernel_bridge.sidecar.takeover import Takeover
from flasknb.kernel_bridge.status_board import StatusBoard

if TYPE_CHECKING:
    from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway

log = logging.getLogger(__name__)

MAX_SOCKETS = 16_384  # of the zmq context; its default of 1,023 is reached with 250 kernels
STOP_ALL_TIMEOUT_S = 30.0


class Kernels:
    """The kernels by id. Event loop only."""

    def __init__(self, settings: Settings, early: EarlySpare | None = None) -> None:
        self.root_dir = settings.root_dir.resolve()
        self.options = KernelSidecar(config=settings.config)
        self._thrift = Thrift()
        self.admission = Admission(ResourceLimits(config=settings.config))
        self.changes: Changes[Change] = Changes()
        self.events: Changes[RaisedEvent] = Changes()
        self.before_stop: Callable[[Kernel], Awaitable[None]] = _do_nothing
        self._actions = KernelActions(self.changes, self.events)
        self._tasks = BackgroundTasks()
        self._registry = Registry(settings.instance_dir, coming=early.kernel_id if early else None)
        self._context = self._make_context(settings)
        managers, loop = self._context.managers, asyncio.get_running_loop()
        self._gateway = self._make_gateway(settings)
        self._culler = Culler(
            managers,
            lambda kernel_id, reason: self._tasks.begin(self._cull(kernel_id, reason)),
            now_s=loop.time(),
        )
        self._roster = Roster(
            settings.config, self._context, lambda kernel: self._culler.due_in_s(kernel, now_s=loop.time())
        )
        self._places = Places(self.root_dir, settings.instance_dir, self.options, managers)
        self.spares = Spares(
            self.options,
            managers,
            self.specs,
            self._registry,
            early=early,
            environment=self._places.environment,
            has_room=lambda: self._gateway is None and self.admission.has_room(1 + len(self._roster.owners())),
        )
        self._starts = KernelStarts(
            self._context,
            self._registry,
            self._roster,
            self._places,
            specs=self.specs,
            spares=self.spares,
            admission=self.admission,
            actions=self._actions,
            tasks=self._tasks,
        )
        self.takeover = Takeover(
            self._context, self._registry, self._roster, self._places, actions=self._actions, gateway=self._gateway
        )

    def _make_context(self, settings: Settings) -> KernelContext:
        classes = ServerApp(config=settings.config)
        find_specs = chosen(classes.kernel_spec_manager_class, KernelSpecManager, "kernel_spec_manager_class")
        manage = chosen(classes.kernel_manager_class, AsyncMappingKernelManager, "kernel_manager_class")
        if find_specs is KernelSpecManager:
            find_specs = InstalledKernels
        self.specs = find_specs(config=settings.config)
        managers = manage(config=settings.config, kernel_spec_manager=self.specs, connection_dir=runtime_dir())
        sockets: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        sockets.setsockopt(zmq.MAX_SOCKETS, MAX_SOCKETS)
        return KernelContext(
            managers,
            self.options,
            self.changes,
            zmq=sockets,
            restarter=KernelRestarter(parent=managers),
            limits=ZMQChannelsWebsocketConnection(config=settings.config).rate_limits,
            board=StatusBoard(settings.instance_dir),
            journals=Journals(settings.instance_dir / "journals", self.options),
            queues=settings.instance_dir / "queues",
        )

    def _make_gateway(self, settings: Settings) -> Gateway | None:
        """The gateway that the configuration names. Its client costs time and memory, so it is imported only then."""
        options = GatewayClient(config=settings.config)
        if not options.url:
            return None
        from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway

        folder = settings.instance_dir / "gateway"
        return Gateway(options, settings.config, self._context, self._registry, folder=folder, events=self.events)

    # Finding

    def models(self, viewer: str | None = None) -> list[KernelModel]:
        """Every kernel that ``viewer`` may know of (``None``: all), dead ones with their reason."""
        self._roster.look_outside()
        return [kernel.model for kernel in self._roster.kernels() if viewer in (None, kernel.owner)]

    def owner_of(self, kernel_id: str) -> str | None:
        """Whose kernel that is; ``None`` where there is none."""
        life = self._roster.find(kernel_id)
        return None if life is None else life.kernel.owner

    def get(self, kernel_id: str) -> Kernel:
        """One kernel, for somebody who is going to use it. Raises KernelMissing."""
        life = self._roster.life(kernel_id)
        life.wake()
        return life.kernel

    def kernels(self) -> list[Kernel]:
        """All of them."""
        return self._roster.kernels()

    def is_known(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, dead or not."""
        return kernel_id in self._roster

    def is_alive(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, and it is not dead."""
        return self._roster.is_alive(kernel_id)

    def status(self) -> SidecarStatus:
        """Figures for ``/api/status``."""
        return self._roster.status()

    @property
    def board(self) -> StatusBoard:
        """Where workers find the figures of ``status``."""
        return self._context.board

    async def kernel_specs(self) -> KernelSpecs:
        """The installed specifications, or the gateway's."""
        if self._gateway is not None:
            return await self._gateway.specs.all()
        return await asyncio.to_thread(list_specs, self.specs, self._context.managers.default_kernel_name)

    async def kernel_spec(self, name: str) -> KernelSpecModel:
        """One of them. Raises KernelSpecMissing."""
        if self._gateway is not None:
            return await self._gateway.specs.one(name)
        return await asyncio.to_thread(one_spec, self.specs, name)

    # Changing

    async def start(self, request: KernelRequest, *, session_name: str | None = None) -> KernelModel:
        """Start a kernel and wait for its first answer.

        Args:
            session_name: ``JPY_SESSION_NAME`` for the kernel, an absolute path.

        Raises:
            BadRequest, KernelSpecMissing, KernelIdTaken, KernelFailed, TooManyKernels, OutOfResources; with a gateway
                also GatewayUnavailable, GatewayRefused.
        """
        if self._gateway is not None:
            return await self._starts.behind(self._gateway, request)
        return await self._starts.here(request, session_name)

    async def interrupt(self, kernel_id: str) -> None:
        """Interrupt what runs. Raises KernelMissing."""
        life = self._roster.life(kernel_id)
        with self._actions.watched("interrupt", kernel_id, life.kernel.name, life.kernel.owner):
            await life.interrupt()
        self.changes.publish(Change(ChangeKind.KERNEL_INTERRUPTED, kernel_id))

    async def restart(self, kernel_id: str) -> KernelModel:
        """New process, same id. Raises KernelMissing, KernelFailed."""
        life = self._roster.life(kernel_id)
        with self._actions.watched("restart", kernel_id, life.kernel.name, life.kernel.owner):
            await life.restart()
        log.info("kernel restarted by request kernel_id=%s", kernel_id)
        self.changes.publish(Change(ChangeKind.KERNEL_RESTARTED, kernel_id))
        return life.kernel.model

    async def say_farewell(self, kernel_id: str) -> None:
        """Before a kernel, or the session that tells what it is for, goes."""
        life = self._roster.find(kernel_id)
        if life is not None:
            await self.before_stop(life.kernel)

    async def shutdown(self, kernel_id: str, reason: str | None = None) -> None:
        """End a kernel; ``reason`` is told where nobody asked for it. Raises KernelMissing."""
        life = self._roster.life(kernel_id)
        await self.say_farewell(kernel_id)
        with self._actions.watched("shutdown", kernel_id, life.kernel.name, life.kernel.owner):
            await life.stop()
        if self._roster.find(kernel_id) is life:  # else a second request came first
            self._roster.strike(kernel_id)
            log.info("kernel shut down kernel_id=%s", kernel_id)
            # A page that did not ask for this would wait for the kernel's answers for ever.
            life.kernel.end(reason or "The kernel was shut down.")
            self.changes.publish(Change(ChangeKind.KERNEL_STOPPED, kernel_id, reason=reason))

    async def _cull(self, kernel_id: str, reason: str) -> None:
        with suppress(KernelMissing):  # somebody shut it down meanwhile
            await self.shutdown(kernel_id, reason)

    # The sidecar's life

    def keep_house(self, now_s: float) -> None:
        """Every second: logs, journals, memory, and every ``cull_interval`` idle kernels; never those of others."""
        self._roster.look_outside()
        for life in self._roster.lives():
            life.trim_log()
        self._context.journals.trim()
        self._context.memory.look()
        self._thrift.look(now_s)
        self._culler.look(self._roster.kernels_of_ours(), now_s=now_s)

    async def keep_spares(self) -> None:
        """Keep as many spares as wanted; they are nobody's kernels, and in no list."""
        is_calm = not any(kernel.state in RISING for kernel in self._roster.kernels())
        await self.spares.look(is_calm=is_calm)

    async def shutdown_all(self) -> None:
        """End every kernel, all at once. What does not end within STOP_ALL_TIMEOUT_S is left, and logged."""
        self.spares.end_all()
        stops = [asyncio.create_task(self.shutdown(kernel.id)) for kernel in self._roster.kernels()]
        if stops:
            _, pending = await asyncio.wait(stops, timeout=STOP_ALL_TIMEOUT_S)
            if pending:
                log.error("kernels do not end count=%d", len(pending))

    async def hand_over(self) -> None:
        """Bring all that the kernels said to the disk, have them keep the rest, leave them to the next sidecar."""
        kernels = self._roster.kernels()
        await asyncio.gather(*(kernel.hold_output() for kernel in kernels))
        self.spares.end_all()
        for life in self._roster.lives():
            life.let_go()
        idle = {kernel.id for kernel in kernels if kernel.state is State.IDLE}
        await self._context.journals.close(idle.__contains__)

    async def close(self) -> None:
        """Let go of what is not a kernel's."""
        if self._gateway is not None:
            await self._gateway.close()


async def _do_nothing(_: Kernel) -> None:
    return None
