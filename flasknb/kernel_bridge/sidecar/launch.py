"""Putting a process behind one kernel: launch, wait for its first answer, remember it on disk, clear it away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.instance import process_start
from flasknb.kernel_bridge.sidecar.admission import exhausted
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager
from flasknb.kernel_bridge.sidecar.process import kill_group
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry
from flasknb.kernel_bridge.sidecar.spare import Spare
from flasknb.kernel_bridge.sidecar.watch import Watch, exit_text, local_process, process_here

log = logging.getLogger(__name__)

REAP_TIMEOUT_S = 10.0


class StartAbandoned(KernelFailed):
    """A start that somebody who wanted the kernel stopped or restarted has ended."""


@dataclass(frozen=True)
class LaunchPlan:
    """How a kernel is started, now and at every restart.

    Args:
        cwd: absolute folder.
        more_env: added to the environment.
        environment: makes the allowlisted environment of the moment.
        socket_prefix: begin of ipc socket paths.
    """

    cwd: str
    more_env: Mapping[str, str]
    environment: Callable[[], Mapping[str, str]]
    socket_prefix: str

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the manager's start."""
        return {"cwd": self.cwd, "env": {**self.environment(), **self.more_env}}


class Launch:
    """The processes of one kernel, one after the other. Event loop only; the caller sees that calls do not overlap.

    Args:
        watch: watches them.
        on_start: called each time a process runs, before it has answered.
        spare: a process that becomes the first one, if it can.
    """

    def __init__(
        self,
        kernel: Kernel,
        plan: LaunchPlan,
        context: KernelContext,
        registry: Registry,
        *,
        watch: Watch,
        on_start: Callable[[], None],
        spare: Spare | None = None,
    ) -> None:
        self.kernel, self.plan, self.watch = kernel, plan, watch
        self._context, self._registry, self._on_start = context, registry, on_start
        self._spare = spare
        self.abandoned = asyncio.Event()
        self.has_lived = False
        self.has_answered = False  # the process that was started last

    @property
    def manager(self) -> ServerKernelManager:
        """The kernel's manager. Raises KernelFailed before there is one."""
        if self.kernel.manager is None:
            raise KernelFailed("The kernel has not been started.")
        return self.kernel.manager

    @property
    def group(self) -> int | None:
        """The kernel's process group."""
        process = process_here(self.kernel.manager)
        return None if process is None else process.pgid or None

    async def first(self) -> None:
        """The first process; returns when it has answered. Raises KernelFailed."""
        await self._launching(self._first_launch())

    async def again(self, *, now: bool, keep_requests: bool = False) -> None:
        """Another process behind the same addresses; returns when it has answered.

        Args:
            now: do not ask the old one to end, it has ended or must.
            keep_requests: what pages have sent is for the new process.

        Raises:
            KernelFailed.
        """
        if not self.has_answered and self._context.restarter.random_ports_until_alive:
            self._take_other_ports()
        await self._launching(self._relaunch(now=now, keep_requests=keep_requests))

    def adopt(self, manager: ServerKernelManager) -> None:
        """Go on with the process of a dead sidecar."""
        self.kernel.manager = manager
        self.kernel.line.open(manager)
        self._context.managers.adopt(self.kernel.id, manager)
        self.has_lived = self.has_answered = True  # before it is written down, for the next one to take it over
        self._started()

    async def clear_away(self) -> None:
        """Close and remove everything that belongs to the kernel, running or not."""
        group = self.group
        if self._spare is not None:
            self._spare.end()
        self.watch.stop()
        self.kernel.line.close()
        manager = self.kernel.manager
        if manager is not None:
            if manager.provisioner is not None and manager.has_kernel:
                await manager.provisioner.kill()
                await self._reap(manager.provisioner)
            kill_group(group)
            manager._close_control_socket()  # a start that failed leaves it open
            manager.cleanup_connection_file()
            manager.cleanup_ipc_files()
        self._context.managers.forget(self.kernel.id)
        self._registry.forget(self.kernel.id)

    async def _first_launch(self) -> None:
        arguments = {**self.plan.arguments(), "kernel_id": self.kernel.id, "prepare": self._prepare}
        await self._context.managers.start_kernel(kernel_name=self.kernel.name, **arguments)

    async def _relaunch(self, *, now: bool, keep_requests: bool) -> None:
        group = self.group
        self.watch.stop()
        await self.manager.shutdown_kernel(now=now, restart=True)
        kill_group(group)
        if not keep_requests:
            self.kernel.new_process()
        await self.manager.start_kernel(**self.plan.arguments(), kernel_id=self.kernel.id)

    def _take_other_ports(self) -> None:
        """Somebody else may have taken the ports while the kernel was away."""
        process = local_process(self.kernel.manager)
        if process is not None and process.ports_cached:
            process.ports_cached = False
            self.manager.cleanup_connection_file()
            self.kernel.line.close()

    def _prepare(self, manager: ServerKernelManager) -> None:
        self.kernel.manager = manager
        manager.socket_prefix = self.plan.socket_prefix
        manager.be_reachable()
        manager.fill_empty()
        manager.log_path = self._registry.log_path(self.kernel.id)
        manager.before_launch = self._connect
        manager.prepared, manager.on_launched = self._spare, self._record
        if manager.is_local:
            self._record()  # before the start: a sidecar that is killed meanwhile leaves no kernel that nobody knows of

    async def _connect(self) -> None:
        if not self.kernel.line.leads_to(self.manager):
            self.kernel.line.open(self.manager)

    async def _launching(self, launch: Awaitable[None]) -> None:
        """Launch, watch, wait for the first answer."""
        self.watch.exited.clear()
        self.has_answered = False
        try:
            await launch
        except Exception as error:
            raise exhausted(error) or KernelFailed(f"The kernel could not be started: {error}") from error
        await self._connect()  # a provisioner that knows the addresses only now, of each process others
        self._started()
        await self._first_answer()
        self.has_lived = self.has_answered = True
        self._record()

    def _started(self) -> None:
        self._on_start()
        self.watch.begin(self.manager)
        self._record()

    async def _first_answer(self) -> None:
        timeout_s = self._context.managers.kernel_info_timeout
        answer = asyncio.ensure_future(self.kernel.answer())
        exit_, end = asyncio.ensure_future(self.watch.exited.wait()), asyncio.ensure_future(self.abandoned.wait())
        try:
            await asyncio.wait({answer, exit_, end}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if self.abandoned.is_set():
                raise StartAbandoned("The kernel was shut down or restarted while it started.")
            if self.watch.has_exited:
                how = await exit_text(self.kernel.manager, self._context.memory)
                raise KernelFailed(f"The kernel {how} while it started.{self._log_tail()}")
            if not answer.done():
                raise KernelFailed(f"The kernel did not answer within {timeout_s:.0f} s.{self._log_tail()}")
        finally:
            for waiting in (answer, exit_, end):
                waiting.cancel()

    def _record(self) -> None:
        if not self.manager.is_local and not self.manager.elsewhere:
            return  # nobody could take it over
        process = process_here(self.kernel.manager)
        pid = 0 if process is None else process.pid or 0
        record = KernelRecord(
            id=self.kernel.id,
            name=self.kernel.name,
            pid=pid,
            pid_start=process_start(pid) or 0,
            is_starting=not self.has_lived,
            connection_file=self.manager.connection_file,
            identity=self.kernel.identity.hex(),
            cwd=self.plan.cwd,
            env=self.plan.more_env,
            owner=self.kernel.owner,
            elsewhere=self.manager.elsewhere,
        )
        self._registry.write(record)

    async def _reap(self, provisioner: KernelProvisionerBase) -> None:
        try:
            await asyncio.wait_for(provisioner.wait(), REAP_TIMEOUT_S)
        except asyncio.TimeoutError:
            log.error("kernel survives SIGKILL kernel_id=%s", self.kernel.id)

    def _log_tail(self) -> str:
        process = local_process(self.kernel.manager)
        tail = "" if process is None else process.log_tail()
        return f" It said:\n{tail}" if tail else ""
