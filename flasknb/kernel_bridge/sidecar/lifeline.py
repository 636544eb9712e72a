"""Starting, stopping, restarting one kernel, and what happens when it dies by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from flasknb.errors import KernelFailed, KernelMissing
from flasknb.kernel_bridge.instance import process_start
from flasknb.kernel_bridge.lifecycle import Event, RestartBudget, State
from flasknb.kernel_bridge.models import Change, ChangeKind
from flasknb.kernel_bridge.sidecar.kernel import Kernel, KernelContext
from flasknb.kernel_bridge.sidecar.managers import KernelRestarter, ServerKernelManager
from flasknb.kernel_bridge.sidecar.process import ExitWatch, describe_exit, exit_cause, kill_group
from flasknb.kernel_bridge.sidecar.provisioner import KernelProcess
from flasknb.kernel_bridge.sidecar.registry import KernelRecord, Registry

log = logging.getLogger(__name__)

INTERRUPT_TIMEOUT_S = 5.0
STOP_MARGIN_S = 10.0  # beyond shutdown_wait_time, before the process group is simply killed
POLL_S = 0.5  # where the system or a remote provisioner cannot tell of an exit


RISING = (State.STARTING, State.RESTARTING, State.AUTORESTARTING)


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


class Lifeline:
    """The process side of one ``Kernel``. Event loop only; changes are one at a time, under a lock."""

    def __init__(self, kernel: Kernel, plan: LaunchPlan, context: KernelContext, registry: Registry) -> None:
        self.kernel, self.plan = kernel, plan
        self._context, self._registry = context, registry
        restarter = KernelRestarter(parent=context.managers)
        self._budget = RestartBudget(restarter.restart_limit, restarter.stable_start_time)
        self._lock = asyncio.Lock()
        self._exited = asyncio.Event()
        self._watch: ExitWatch | None = None
        self._poll: asyncio.Task[None] | None = None
        self._revival: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._abandoned = asyncio.Event()
        self._is_attended = True
        self._is_gone = False
        self._has_lived = False

    @property
    def _manager(self) -> ServerKernelManager:
        if self.kernel.manager is None:
            raise KernelFailed("The kernel has not been started.")
        return self.kernel.manager

    @property
    def _process(self) -> KernelProcess | None:
        """The local process; ``None`` before the first launch, and for kernels that run elsewhere."""
        provisioner = None if self.kernel.manager is None else self.kernel.manager.provisioner
        return provisioner if isinstance(provisioner, KernelProcess) else None

    async def start(self) -> None:
        """First start. Raises KernelFailed, and leaves nothing behind, when it does not answer."""
        async with self._attended():
            try:
                await self._launching(self._first_launch())
            except BaseException:
                await self._clear_away()
                raise

    async def restart(self) -> None:
        """A new process with the same id, ports and subscribers.

        The first start is waited for, since whoever asked for it waits too. Raises KernelFailed; KernelMissing when the
        kernel was shut down meanwhile.
        """
        async with self._attended(abandon_start=self._has_lived):
            if self._is_gone:
                raise KernelMissing(f"Kernel does not exist: {self.kernel.id}")
            self.kernel.happen(Event.RESTART)
            self.kernel.reason = None
            self._budget = RestartBudget(self._budget.limit, self._budget.stable_s)
            try:
                await self._launching(self._relaunch(now=self._exited.is_set()))
            except StartAbandoned:
                raise  # whoever abandoned it goes on with the kernel
            except KernelFailed as error:
                self._die(str(error).partition("\n")[0])
                raise

    async def interrupt(self) -> None:
        """Signal or message, as the specification says; never waits for the kernel.

        Nothing runs in a kernel that starts, and the signal would end it before it can handle one.
        """
        if self.kernel.state in RISING:
            log.info("interrupt ignored, the kernel starts kernel_id=%s", self.kernel.id)
            return
        try:
            await asyncio.wait_for(self._manager.interrupt_kernel(), INTERRUPT_TIMEOUT_S)
        except (asyncio.TimeoutError, RuntimeError, OSError) as error:
            log.warning("interrupt failed kernel_id=%s error=%s", self.kernel.id, error)

    async def stop(self) -> None:
        """End the process, its children and its files."""
        async with self._attended(abandon_start=True):
            if self._is_gone:
                return
            group = self._group()
            wait_s = self._manager.shutdown_wait_time + STOP_MARGIN_S
            try:
                await asyncio.wait_for(self._manager.shutdown_kernel(now=self._exited.is_set()), wait_s)
            except Exception as error:  # noqa: BLE001 - provisioners raise anything; the group is killed below
                log.warning("shutdown was not clean kernel_id=%s error=%s", self.kernel.id, error)
            kill_group(group)
            await self._clear_away()

    def adopt(self, manager: ServerKernelManager) -> None:
        """Go on with a living kernel of a dead sidecar."""
        self.kernel.manager = manager
        self.kernel.connect(manager)
        self._context.managers.adopt(self.kernel.id, manager)
        self.kernel.happen(Event.READY)
        self.kernel.happen(Event.BUSY)  # until it answers: it may be in the middle of a cell
        self._started()
        self._has_lived = True
        self._is_attended = False
        self._hearing = asyncio.create_task(self._hear_from_adopted())

    def let_go(self) -> None:
        """Leave the kernel running for the next sidecar."""
        self._stop_watching()
        self.kernel.disconnect()
        if self.kernel.manager is not None:
            self._manager._connection_file_written = False  # its finaliser would remove the file

    def trim_log(self) -> None:
        """Keep the kernel's log file small."""
        if self._process is not None:
            self._process.trim_log()

    # Launching

    async def _first_launch(self) -> None:
        arguments = {**self.plan.arguments(), "kernel_id": self.kernel.id, "prepare": self._prepare}
        await self._context.managers.start_kernel(kernel_name=self.kernel.name, **arguments)

    async def _relaunch(self, *, now: bool, keep_requests: bool = False) -> None:
        group = self._group()
        self._stop_watching()
        await self._manager.shutdown_kernel(now=now, restart=True)
        kill_group(group)
        if not keep_requests:
            self.kernel.new_process()
        await self._manager.start_kernel(**self.plan.arguments(), kernel_id=self.kernel.id)

    def _prepare(self, manager: ServerKernelManager) -> None:
        self.kernel.manager = manager
        manager.socket_prefix = self.plan.socket_prefix
        manager.log_path = self._registry.log_path(self.kernel.id)
        manager.before_launch = self._connect

    async def _connect(self) -> None:
        if not self.kernel.is_connected:
            self.kernel.connect(self._manager)

    async def _launching(self, launch: Awaitable[None]) -> None:
        """Launch, watch, wait for the first answer."""
        self._exited.clear()
        try:
            await launch
        except Exception as error:
            raise KernelFailed(f"The kernel could not be started: {error}") from error
        if not self.kernel.is_connected:  # a provisioner that knows the addresses only now
            self.kernel.connect(self._manager)
        self._started()
        await self._first_answer()
        self._has_lived = True
        self._record()

    def _started(self) -> None:
        self._budget = self._budget.started(now_s=time.monotonic())
        self._stop_watching()
        pid = None if self._process is None else self._process.pid
        try:
            self._watch = None if pid is None else ExitWatch(pid, self._on_exit)
        except OSError as error:
            log.debug("kernel is polled kernel_id=%s reason=%s", self.kernel.id, error)
        if self._watch is None:
            self._poll = asyncio.create_task(self._poll_until_exit())
        self._record()

    async def _first_answer(self) -> None:
        timeout_s = self._context.managers.kernel_info_timeout
        answer = asyncio.ensure_future(self.kernel.answer())
        exit_, end = asyncio.ensure_future(self._exited.wait()), asyncio.ensure_future(self._abandoned.wait())
        try:
            await asyncio.wait({answer, exit_, end}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if self._abandoned.is_set():
                raise StartAbandoned("The kernel was shut down or restarted while it started.")
            if self._exited.is_set():
                raise KernelFailed(f"The kernel {await self._exit_text()} while it started.{self._log_tail()}")
            if not answer.done():
                raise KernelFailed(f"The kernel did not answer within {timeout_s:.0f} s.{self._log_tail()}")
        finally:
            for waiting in (answer, exit_, end):
                waiting.cancel()

    def _record(self) -> None:
        pid = None if self._process is None else self._process.pid
        start = None if pid is None else process_start(pid)
        if pid is not None and start is not None:
            self._registry.write(
                KernelRecord(
                    id=self.kernel.id,
                    name=self.kernel.name,
                    pid=pid,
                    pid_start=start,
                    connection_file=self._manager.connection_file,
                    identity=self.kernel.identity.hex(),
                    cwd=self.plan.cwd,
                    env=self.plan.more_env,
                )
            )

    # Ending

    def _on_exit(self) -> None:
        self._exited.set()
        if not self._is_attended:
            self._revival = asyncio.create_task(self._revive())

    async def _revive(self) -> None:
        """Restart a kernel that died by itself, until it lives or its budget is spent."""
        async with self._attended():
            while self._exited.is_set() and not self._is_gone:
                how = await self._exit_text()
                self._budget = self._budget.exited(now_s=time.monotonic())
                if self._budget.is_spent or not self._manager.autorestart:
                    self._die(f"The kernel {how}.")
                    return
                log.warning("kernel restarted kernel_id=%s attempt=%d it %s", self.kernel.id, self._budget.used, how)
                self.kernel.happen(Event.EXITED)
                self.kernel.new_process()  # what pages send from here on is for the next process
                self.kernel.publish_status("restarting", reason=f"The kernel {how}.")
                self._tell(ChangeKind.KERNEL_DIED, exit_cause(await self._returncode()))
                try:
                    await self._launching(self._relaunch(now=True, keep_requests=True))
                except StartAbandoned:
                    return
                except KernelFailed as error:
                    log.warning("kernel restart failed kernel_id=%s error=%s", self.kernel.id, error)
                    if not self._exited.is_set():
                        self._die(str(error))
                        return
                else:
                    self._tell(ChangeKind.KERNEL_RESTARTED)
                    return

    def _die(self, reason: str) -> None:
        kill_group(self._group())
        log.error("kernel is dead kernel_id=%s reason=%s", self.kernel.id, reason)
        self.kernel.reason = reason
        self.kernel.happen(Event.GAVE_UP)
        self.kernel.publish_status("dead", reason=reason)
        self._tell(ChangeKind.KERNEL_DEAD, reason)

    def _tell(self, kind: ChangeKind, reason: str | None = None) -> None:
        self._context.changes.publish(Change(kind, self.kernel.id, reason=reason))

    async def _clear_away(self) -> None:
        """Close and remove everything that belongs to the kernel, running or not."""
        group = self._group()
        self._stop_watching()
        self.kernel.disconnect()
        manager = self.kernel.manager
        if manager is not None:
            if manager.provisioner is not None and manager.has_kernel:
                await manager.provisioner.kill()
                await self._reap(manager.provisioner)
            kill_group(group)
            manager._close_control_socket()  # a start that failed leaves it open
            manager.cleanup_connection_file()
            manager.cleanup_ipc_files()
        self._is_gone = True
        self._context.managers.forget(self.kernel.id)
        self._registry.forget(self.kernel.id)

    async def _reap(self, provisioner: KernelProvisionerBase) -> None:
        try:
            await asyncio.wait_for(provisioner.wait(), STOP_MARGIN_S)
        except asyncio.TimeoutError:
            log.error("kernel survives SIGKILL kernel_id=%s", self.kernel.id)

    async def _exit_text(self) -> str:
        return describe_exit(await self._returncode())

    async def _returncode(self) -> int | None:
        process = self._process
        return await process.poll() if process is not None and process.has_process else None

    def _log_tail(self) -> str:
        tail = "" if self._process is None else self._process.log_tail()
        return f" It said:\n{tail}" if tail else ""

    def _group(self) -> int | None:
        return None if self._process is None else self._process.pgid

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        for task in (self._poll, self._hearing):
            if task is not None:
                task.cancel()
        self._poll = self._hearing = None

    async def _poll_until_exit(self) -> None:
        while await self._manager.is_alive():
            await asyncio.sleep(POLL_S)
        self._on_exit()

    async def _hear_from_adopted(self) -> None:
        await self.kernel.answer()
        self.kernel.happen(Event.IDLE)

    @asynccontextmanager
    async def _attended(self, *, abandon_start: bool = False) -> AsyncIterator[None]:
        """While somebody changes the kernel on purpose, its exits are theirs to handle.

        Args:
            abandon_start: do not wait for a start under way, end it.
        """
        if abandon_start:
            self._abandoned.set()
        async with self._lock:
            self._abandoned.clear()
            self._is_attended = True
            try:
                yield
            finally:
                self._is_attended = False
