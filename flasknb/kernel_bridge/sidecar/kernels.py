"""All kernels of one instance: start, find, restart, end, take over."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_runtime_dir

from flasknb.errors import BadRequest, KernelFailed, KernelIdTaken, KernelMissing
from flasknb.kernel_bridge.environment import allowed_environment
from flasknb.kernel_bridge.gateway_options import GatewayClient
from flasknb.kernel_bridge.instance import socket_dir
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
from flasknb.kernel_bridge.sidecar.adoption import adopted_manager, manager_elsewhere, sweep_sockets
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.chosen import chosen
from flasknb.kernel_bridge.sidecar.culler import Culler
from flasknb.kernel_bridge.sidecar.external import ExternalKernels, ExternalLife, ServerApp
from flasknb.kernel_bridge.sidecar.foreign import is_provisioned
from flasknb.kernel_bridge.sidecar.journals import Journals
from flasknb.kernel_bridge.sidecar.kernel import Kernel, KernelContext
from flasknb.kernel_bridge.sidecar.kernel_actions import KernelActions
from flasknb.kernel_bridge.sidecar.launch import LaunchPlan, StartAbandoned
from flasknb.kernel_bridge.sidecar.leftovers import is_running, reap
from flasknb.kernel_bridge.sidecar.lifeline import Lifeline
from flasknb.kernel_bridge.sidecar.managers import AsyncMappingKernelManager, KernelRestarter, ServerKernelManager
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry
from flasknb.kernel_bridge.sidecar.settings import Settings
from flasknb.kernel_bridge.sidecar.spare import Spare
from flasknb.kernel_bridge.sidecar.spares import Spares
from flasknb.kernel_bridge.sidecar.specs import list_specs, one_spec, require_spec
from flasknb.kernel_bridge.status_board import StatusBoard

if TYPE_CHECKING:
    from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway
    from flasknb.kernel_bridge.sidecar.gateway.life import GatewayLife

log = logging.getLogger(__name__)

Life: TypeAlias = "Lifeline | ExternalLife | GatewayLife"

UUID_SHAPE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
IDENTITY_BYTES = 16
MAX_SOCKETS = 16_384  # of the zmq context; its default of 1,023 is reached with 250 kernels
STOP_ALL_TIMEOUT_S = 30.0
ASK_PROVISIONER_S = 10.0  # whether its kernel still runs; a worker waits 30 s for the sidecar
DEAD_STATE = "dead"


class Kernels:
    """The kernels by id. Event loop only."""

    def __init__(self, settings: Settings) -> None:
        self.root_dir = settings.root_dir.resolve()
        self.options = KernelSidecar(config=settings.config)
        classes = ServerApp(config=settings.config)
        find_specs = chosen(classes.kernel_spec_manager_class, KernelSpecManager, "kernel_spec_manager_class")
        manage = chosen(classes.kernel_manager_class, AsyncMappingKernelManager, "kernel_manager_class")
        self.specs = find_specs(config=settings.config)
        self._registry = Registry(settings.instance_dir)
        self.admission = Admission(ResourceLimits(config=settings.config))
        self.changes: Changes[Change] = Changes()
        self.events: Changes[RaisedEvent] = Changes()
        self._actions = KernelActions(self.changes, self.events)
        self._socket_dir = socket_dir(settings.instance_dir)
        managers = manage(config=settings.config, kernel_spec_manager=self.specs, connection_dir=_runtime_dir())
        self._context = KernelContext(
            managers,
            self.options,
            self.changes,
            zmq=zmq.Context(),
            restarter=KernelRestarter(parent=managers),
            limits=ZMQChannelsWebsocketConnection(config=settings.config).rate_limits,
            board=StatusBoard(settings.instance_dir),
            journals=Journals(settings.instance_dir / "journals", self.options),
            queues=settings.instance_dir / "queues",
        )
        self._context.zmq.setsockopt(zmq.MAX_SOCKETS, MAX_SOCKETS)
        self._lifelines: dict[str, Life] = {}
        self._arriving: list[str] = []  # owners of kernels that a gateway is launching
        self._gateway = self._make_gateway(settings)
        self._unasked: set[str] = set()  # of provisioners, at the start: their kernels are not given up yet
        self.before_stop: Callable[[Kernel], Awaitable[None]] = _do_nothing
        self._external = ExternalKernels(settings.config, self._context)
        self._tasks: set[asyncio.Task[None]] = set()
        self._culler = Culler(
            managers,
            lambda kernel_id, reason: self._in_background(self._cull(kernel_id, reason)),
            now_s=asyncio.get_running_loop().time(),
        )
        self.spares = Spares(
            self.options,
            managers,
            self.specs,
            self._registry,
            environment=self._environment,
            has_room=lambda: self._gateway is None and self.admission.has_room(1 + len(self._owners())),
        )
        self._started = datetime.now(timezone.utc)

    def models(self) -> list[KernelModel]:
        """Every kernel, dead ones with their reason."""
        self._look_outside()
        return [lifeline.kernel.model for lifeline in self._lifelines.values()]

    def get(self, kernel_id: str) -> Kernel:
        """One kernel, for somebody who is going to use it. Raises KernelMissing."""
        life = self._lifeline(kernel_id)
        life.wake()
        return life.kernel

    def kernels(self) -> list[Kernel]:
        """All of them."""
        return [lifeline.kernel for lifeline in self._lifelines.values()]

    async def say_farewell(self, kernel_id: str) -> None:
        """Before a kernel, or the session that tells what it is for, goes."""
        if kernel_id in self._lifelines:
            await self.before_stop(self._lifelines[kernel_id].kernel)

    def is_known(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, dead or not."""
        return kernel_id in self._lifelines

    def is_alive(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, and it is not dead."""
        if kernel_id in self._unasked:
            return True
        return kernel_id in self._lifelines and self._lifelines[kernel_id].kernel.model.execution_state != DEAD_STATE

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

    async def start(self, request: KernelRequest, *, session_name: str | None = None) -> KernelModel:
        """Start a kernel and wait for its first answer.

        Args:
            session_name: ``JPY_SESSION_NAME`` for the kernel, an absolute path.

        Raises:
            BadRequest, KernelSpecMissing, KernelIdTaken, KernelFailed, TooManyKernels, OutOfResources; with a gateway
                also GatewayUnavailable, GatewayRefused.
        """
        if self._gateway is not None:
            return await self._start_behind(self._gateway, request)
        name = request.name or self._context.managers.default_kernel_name
        spare = None if request.kernel_id else self.spares.ready(name)
        kernel_id = self._free_id(request.kernel_id) if spare is None else spare.kernel_id
        with self._actions.watched("start", kernel_id, name):
            return await self._start(request, kernel_id, name, session_name, spare)

    async def _start(
        self, request: KernelRequest, kernel_id: str, name: str, session_name: str | None, spare: Spare | None
    ) -> KernelModel:
        require_spec(self.specs, name)
        self.admission.kernel(request.owner, self._owners())
        env = {**request.env, **({"JPY_SESSION_NAME": session_name} if session_name else {})}
        identity = os.urandom(IDENTITY_BYTES).hex().encode()
        kernel = Kernel(self._context, kernel_id, name, identity, owner=request.owner)
        plan = self._plan(kernel_id, self.working_dir(request.disk_cwd), env)
        self.spares.note_start(spare)
        lifeline = Lifeline(kernel, plan, self._context, self._registry, spare=spare)
        self._enter(kernel_id, lifeline)
        if self._context.managers.use_pending_kernels:
            self._in_background(self._start_pending(lifeline))
            return kernel.model
        try:
            await lifeline.start()
        except BaseException:
            self._strike(kernel_id)
            raise
        self._tell_started(kernel)
        return kernel.model

    async def _start_behind(self, gateway: Gateway, request: KernelRequest) -> KernelModel:
        """The same behind a gateway, which says itself what the kernel's id is."""
        wanted_id = None if request.kernel_id is None else self._free_id(request.kernel_id)
        name = request.name or await gateway.default_name(self._context.managers.default_kernel_name)
        self.admission.kernel(request.owner, self._owners())
        self._arriving.append(request.owner)
        try:
            with self._actions.watched("start", wanted_id or "", name):
                life = await gateway.launch(request, name, self.working_dir(request.disk_cwd))
        finally:
            self._arriving.remove(request.owner)
        kernel = life.kernel
        self._enter(kernel.id, life)
        with self._actions.watched("start", kernel.id, name):
            try:
                await life.start()
            except BaseException:
                self._strike(kernel.id)
                raise
        self._tell_started(kernel)
        return kernel.model

    def _make_gateway(self, settings: Settings) -> Gateway | None:
        """The gateway that the configuration names. Its client costs time and memory, so it is imported only then."""
        options = GatewayClient(config=settings.config)
        if not options.url:
            return None
        from flasknb.kernel_bridge.sidecar.gateway.backend import Gateway

        folder = settings.instance_dir / "gateway"
        return Gateway(options, settings.config, self._context, self._registry, folder=folder, events=self.events)

    async def close(self) -> None:
        """Let go of what is not a kernel's."""
        if self._gateway is not None:
            await self._gateway.close()

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
        self.changes.publish(Change(ChangeKind.KERNEL_STARTED, kernel.id))

    async def interrupt(self, kernel_id: str) -> None:
        """Interrupt what runs. Raises KernelMissing."""
        lifeline = self._lifeline(kernel_id)
        with self._actions.watched("interrupt", kernel_id, lifeline.kernel.name):
            await lifeline.interrupt()
        self.changes.publish(Change(ChangeKind.KERNEL_INTERRUPTED, kernel_id))

    async def restart(self, kernel_id: str) -> KernelModel:
        """New process, same id. Raises KernelMissing, KernelFailed."""
        lifeline = self._lifeline(kernel_id)
        with self._actions.watched("restart", kernel_id, lifeline.kernel.name):
            await lifeline.restart()
        log.info("kernel restarted by request kernel_id=%s", kernel_id)
        self.changes.publish(Change(ChangeKind.KERNEL_RESTARTED, kernel_id))
        return lifeline.kernel.model

    async def shutdown(self, kernel_id: str, reason: str | None = None) -> None:
        """End a kernel; ``reason`` is told where nobody asked for it. Raises KernelMissing."""
        lifeline = self._lifeline(kernel_id)
        await self.say_farewell(kernel_id)
        with self._actions.watched("shutdown", kernel_id, lifeline.kernel.name):
            await lifeline.stop()
        if self._lifelines.get(kernel_id) is lifeline:  # else a second request came first
            self._strike(kernel_id)
            log.info("kernel shut down kernel_id=%s", kernel_id)
            # A page that did not ask for this would wait for the kernel's answers for ever.
            lifeline.kernel.end(reason or "The kernel was shut down.")
            self.changes.publish(Change(ChangeKind.KERNEL_STOPPED, kernel_id, reason=reason))

    async def shutdown_all(self) -> None:
        """End every kernel, all at once. What does not end within STOP_ALL_TIMEOUT_S is left, and logged."""
        self.spares.end_all()
        stops = [asyncio.create_task(self.shutdown(kernel_id)) for kernel_id in list(self._lifelines)]
        if stops:
            _, pending = await asyncio.wait(stops, timeout=STOP_ALL_TIMEOUT_S)
            if pending:
                log.error("kernels do not end count=%d", len(pending))

    async def hand_over(self) -> None:
        """Bring all that the kernels said to the disk, have them keep the rest, leave them to the next sidecar."""
        kernels = [lifeline.kernel for lifeline in self._lifelines.values()]
        await asyncio.gather(*(kernel.hold_output() for kernel in kernels))
        self.let_go()
        idle = {kernel.id for kernel in kernels if kernel.state is State.IDLE}
        await self._context.journals.close(idle.__contains__)

    def let_go(self) -> None:
        """Leave every kernel running for the next sidecar."""
        self.spares.end_all()
        for lifeline in self._lifelines.values():
            lifeline.let_go()

    def adopt_all(self) -> None:
        """Take over what the last sidecar left running; remove what is gone."""
        kept = []
        for record in list(self._registry.records()):
            if record.elsewhere:
                kept += self._adopt_behind(record) if "gateway" in record.elsewhere else [record.id]
                self._unasked |= {record.id} if is_provisioned(record) else set()
                continue
            is_wanted = self._context.managers.use_pending_kernels or not record.is_starting
            if is_wanted and is_running(record) and Path(record.connection_file).exists():
                kept.append(record.id)
                self._adopt(record)
                continue
            if is_running(record):
                log.error("kernel ended, nobody can reach it or knows of it kernel_id=%s", record.id)
            reap(record)
            self._registry.forget(record.id)
        self._registry.sweep(kept)
        self._context.journals.sweep(kept)
        sweep_sockets(self._socket_dir, [self._socket_prefix(kernel_id) for kernel_id in kept])

    async def adopt_elsewhere(self) -> None:
        """Take over the kernels of provisioners, which have to be asked; before anybody is let in."""
        records = [record for record in self._registry.records() if is_provisioned(record)]
        await asyncio.gather(*(self._adopt_provisioned(record) for record in records))
        self._unasked.clear()

    async def _adopt_provisioned(self, record: KernelRecord) -> None:
        log_path = self._registry.log_path(record.id)
        asking = manager_elsewhere(self._context.managers, record, log_path)
        try:
            self._go_on_with(record, await asyncio.wait_for(asking, ASK_PROVISIONER_S))
        except Exception as error:  # noqa: BLE001 - provisioners raise anything
            log.error("kernel elsewhere cannot be taken over kernel_id=%s error=%s", record.id, error or "no answer")
            self._registry.forget(record.id)

    def cull_when_due(self, now_s: float) -> None:
        """Every ``cull_interval`` shut down the kernels that have been idle for too long; never those of others."""
        ours = (life.kernel for life in self._lifelines.values() if not isinstance(life, ExternalLife))
        self._culler.look(ours, now_s=now_s)

    async def keep_spares(self) -> None:
        """Keep as many spares as wanted; they are nobody's kernels, and in no list."""
        is_calm = not any(lifeline.kernel.state in RISING for lifeline in self._lifelines.values())
        await self.spares.look(is_calm=is_calm)

    async def _cull(self, kernel_id: str, reason: str) -> None:
        with suppress(KernelMissing):  # somebody shut it down meanwhile
            await self.shutdown(kernel_id, reason)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _look_outside(self) -> None:
        """Notice kernels that others started or ended."""
        come, gone = self._external.look()
        for kernel_id, life in come.items():
            self._enter(kernel_id, life)
            log.info("external kernel found kernel_id=%s name=%s", kernel_id, life.kernel.name)
        for kernel_id in gone:
            lost = self._strike(kernel_id)
            if isinstance(lost, ExternalLife):
                lost.vanish()
                lost.kernel.end("The kernel's connection file is gone.")

    def look_at_memory(self) -> None:
        """Remember how often memory has run out by now."""
        self._context.memory.look()

    def trim(self) -> None:
        """Keep the kernels' log files small, and their journals together within their bound."""
        self._look_outside()
        for lifeline in self._lifelines.values():
            lifeline.trim_log()
        self._context.journals.trim()

    @property
    def board(self) -> StatusBoard:
        """Where workers find the figures of ``status``."""
        return self._context.board

    def _enter(self, kernel_id: str, life: Life) -> None:
        self._context.board.take_down()
        self._lifelines[kernel_id] = life
        if isinstance(life, Lifeline):
            kernel, loop = life.kernel, asyncio.get_running_loop()
            kernel.due_in_s = lambda: self._culler.due_in_s(kernel, now_s=loop.time())

    def _strike(self, kernel_id: str) -> Life | None:
        self._context.board.take_down()
        self._context.journals.remove(kernel_id)
        return self._lifelines.pop(kernel_id, None)

    def status(self) -> SidecarStatus:
        """Figures for ``/api/status``."""
        kernels = [lifeline.kernel for lifeline in self._lifelines.values()]
        latest = max([self._started, *(kernel.last_activity for kernel in kernels)])
        return SidecarStatus(
            connections=sum(kernel.connections for kernel in kernels),
            kernels=len(kernels),
            last_activity=_iso(latest),
            started=_iso(self._started),
        )

    def working_dir(self, disk_cwd: str | None) -> str:
        """``disk_cwd``, or its nearest ancestor that exists; the root where none is given."""
        folder = self.root_dir / (disk_cwd or "")
        other_root = self._context.managers.root_dir
        if other_root and folder.is_relative_to(self.root_dir):
            folder = Path(other_root) / folder.relative_to(self.root_dir)
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        return str(folder)

    def _owners(self) -> list[str]:
        """Of each kernel that limits count: ours that are not dead, and those that come."""
        ours = [life.kernel for life in self._lifelines.values() if not isinstance(life, ExternalLife)]
        return [*self._arriving, *(kernel.owner for kernel in ours if kernel.state is not State.DEAD)]

    def _lifeline(self, kernel_id: str) -> Life:
        try:
            return self._lifelines[kernel_id]
        except KeyError:
            raise KernelMissing(f"Kernel does not exist: {kernel_id}") from None

    def _free_id(self, wanted: str | None) -> str:
        if wanted is None:
            return str(uuid.uuid4())
        if not UUID_SHAPE.fullmatch(wanted):
            raise BadRequest(f"A kernel id is a UUID, not {wanted[:80]!r}")
        if wanted in self._lifelines:
            raise KernelIdTaken(f"Kernel already exists: {wanted}")
        return wanted

    def _plan(self, kernel_id: str, cwd: str, env: Mapping[str, str]) -> LaunchPlan:
        prefix = self._socket_prefix(kernel_id)
        return LaunchPlan(cwd, env, self._environment, prefix)

    def _environment(self) -> Mapping[str, str]:
        return allowed_environment(os.environ, self.options.allowed_env)

    def _socket_prefix(self, kernel_id: str) -> str:
        return str(self._socket_dir / f"k{hashlib.sha256(kernel_id.encode()).hexdigest()[:12]}")

    def _adopt_behind(self, record: KernelRecord) -> list[str]:
        """Take over a gateway's kernel; its id, nothing where there is no such gateway any more."""
        if self._gateway is None or not self._gateway.has(record):
            log.error("kernel left behind a gateway that is no longer set kernel_id=%s", record.id)
            self._registry.forget(record.id)
            return []
        life = self._gateway.life_of(record)
        self._enter(record.id, life)
        life.adopt()
        self._actions.know(record.id, record.name)
        log.warning("kernel behind the gateway taken over kernel_id=%s", record.id)
        self.changes.publish(Change(ChangeKind.KERNEL_TAKEN_OVER, record.id))
        return [record.id]

    def _adopt(self, record: KernelRecord) -> None:
        try:
            manager = adopted_manager(self._context.managers, record, self._registry.log_path(record.id))
        except Exception as error:  # noqa: BLE001 - one unusable record must not keep the others from being taken over
            log.error("kernel cannot be taken over kernel_id=%s error=%s", record.id, error)
            return
        self._go_on_with(record, manager)

    def _go_on_with(self, record: KernelRecord, manager: ServerKernelManager) -> None:
        identity = bytes.fromhex(record.identity)
        kernel = Kernel(self._context, record.id, record.name, identity, has_past=True, owner=record.owner)
        plan = self._plan(record.id, record.cwd, record.env)
        lifeline = Lifeline(kernel, plan, self._context, self._registry)
        self._enter(record.id, lifeline)
        lifeline.adopt(manager)
        kernel.take_over_queue()
        kernel.probe()
        self._actions.know(record.id, record.name)
        log.warning("kernel taken over kernel_id=%s pid=%d", record.id, record.pid)
        self.changes.publish(Change(ChangeKind.KERNEL_TAKEN_OVER, record.id))


async def _do_nothing(_: Kernel) -> None:
    return None


def _runtime_dir() -> str:
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
