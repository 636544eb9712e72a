"""One kernel from its start to its end: what users ask for, and what happens when it dies by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flasknb.errors import KernelFailed, KernelMissing
from flasknb.kernel_bridge.lifecycle import RISING, Event, RestartBudget
from flasknb.kernel_bridge.models import Change, ChangeKind
from flasknb.kernel_bridge.sidecar.awaited_answer import AwaitedAnswer
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.launch import Launch, LaunchPlan, StartAbandoned
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager
from flasknb.kernel_bridge.sidecar.process import exit_cause, kill_group
from flasknb.kernel_bridge.sidecar.registry import Registry
from flasknb.kernel_bridge.sidecar.shared_restart import SharedRestart
from flasknb.kernel_bridge.sidecar.spare import Spare
from flasknb.kernel_bridge.sidecar.watch import Watch, exit_text, local_process, returncode

log = logging.getLogger(__name__)

INTERRUPT_TIMEOUT_S = 5.0
STOP_MARGIN_S = 10.0  # beyond shutdown_wait_time, before the process group is simply killed


class Lifeline:
    """The process side of one ``Kernel``. Event loop only; changes are one at a time, under a lock."""

    def __init__(
        self,
        kernel: Kernel,
        plan: LaunchPlan,
        context: KernelContext,
        registry: Registry,
        *,
        spare: Spare | None = None,
    ) -> None:
        self.kernel = kernel
        self._context = context
        self._watch = Watch(kernel.id, self._on_exit, context.restarter)
        self._launch = Launch(kernel, plan, context, registry, watch=self._watch, on_start=self._on_start, spare=spare)
        self._budget = RestartBudget(context.restarter.restart_limit, context.restarter.stable_start_time)
        self._lock = asyncio.Lock()
        self._restarts = SharedRestart(kernel, self._restart)
        self._revival: asyncio.Task[None] | None = None
        self._awaited = AwaitedAnswer(kernel)
        self._is_attended = True
        self._is_gone = False

    async def start(self) -> None:
        """First start. Raises KernelFailed, and leaves nothing behind, when it does not answer."""
        async with self._attended():
            try:
                await self._launch.first()
            except BaseException:
                await self._clear_away()
                raise

    async def restart(self) -> None:
        """A new process with the same id, ports and subscribers.

        The first start is waited for, since whoever asked for it waits too. Raises KernelFailed; KernelMissing when the
        kernel was shut down meanwhile.
        """
        await self._restarts.ask()

    async def _restart(self) -> None:
        async with self._attended(abandon_start=self._launch.has_lived):
            if self._is_gone:
                raise KernelMissing(f"Kernel does not exist: {self.kernel.id}")
            self.kernel.happen(Event.RESTART)
            self.kernel.reason = None
            self._budget = RestartBudget(self._budget.limit, self._budget.stable_s)
            self._awaited.stop()
            try:
                await self._launch.again(now=self._watch.has_exited or not self._launch.has_answered)
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
            await asyncio.wait_for(self._launch.manager.interrupt_kernel(), INTERRUPT_TIMEOUT_S)
        except (asyncio.TimeoutError, RuntimeError, OSError) as error:
            log.warning("interrupt failed kernel_id=%s error=%s", self.kernel.id, error)

    async def stop(self) -> None:
        """End the process, its children and its files."""
        async with self._attended(abandon_start=True):
            if self._is_gone:
                return
            group, manager = self._launch.group, self._launch.manager
            wait_s = manager.shutdown_wait_time + STOP_MARGIN_S
            try:
                await asyncio.wait_for(manager.shutdown_kernel(now=self._watch.has_exited), wait_s)
            except Exception as error:  # noqa: BLE001 - provisioners raise anything; the group is killed below
                log.warning("shutdown was not clean kernel_id=%s error=%s", self.kernel.id, error)
            kill_group(group)
            await self._clear_away()

    def adopt(self, manager: ServerKernelManager) -> None:
        """Go on with a living kernel of a dead sidecar."""
        self._launch.adopt(manager)
        self.kernel.happen(Event.READY)
        self.kernel.happen(Event.BUSY)  # until it answers: it may be in the middle of a cell
        self._is_attended = False
        self._awaited.begin()

    def let_go(self) -> None:
        """Leave the kernel running for the next sidecar."""
        self.kernel.turns.leave()
        self._watch.stop()
        self._awaited.stop()
        self.kernel.line.close()
        if self.kernel.manager is not None:
            self.kernel.manager._connection_file_written = False  # its finaliser would remove the file

    def wake(self) -> None:
        """Somebody is going to use it: nothing to do for a process of ours."""

    def trim_log(self) -> None:
        """Keep the kernel's log file small."""
        process = local_process(self.kernel.manager)
        if process is not None:
            process.trim_log()

    # When it dies by itself

    def _on_start(self) -> None:
        self._budget = self._budget.started(now_s=time.monotonic())

    def _on_exit(self) -> None:
        if not self._is_attended:
            self._revival = asyncio.create_task(self._revive())

    async def _revive(self) -> None:
        """Restart a kernel that died by itself, until it lives or its budget is spent."""
        async with self._attended():
            while self._watch.has_exited and not self._is_gone:
                how = await exit_text(self.kernel.manager, self._context.memory)
                self._budget = self._budget.exited(now_s=time.monotonic())
                if self._budget.is_spent or not self._launch.manager.autorestart:
                    self._die(f"The kernel {how}.")
                    return
                log.warning("kernel restarted kernel_id=%s attempt=%d it %s", self.kernel.id, self._budget.used, how)
                self._awaited.stop()
                self.kernel.happen(Event.EXITED)
                self.kernel.lose_executions(f"The kernel {how}.", died=True)
                self.kernel.new_process()  # what pages send from here on is for the next process
                self.kernel.voice.publish_status("restarting", reason=f"The kernel {how}.")
                self._tell(ChangeKind.KERNEL_DIED, exit_cause(await returncode(self.kernel.manager)))
                if await self._lives_again():
                    return

    async def _lives_again(self) -> bool:
        """Whether nothing more is to be tried: it lives, is dead, or somebody else goes on with it."""
        try:
            await self._launch.again(now=True, keep_requests=True)
        except StartAbandoned:
            return True
        except KernelFailed as error:
            log.warning("kernel restart failed kernel_id=%s error=%s", self.kernel.id, error)
            if not self._watch.has_exited:
                self._die(str(error))
            return not self._watch.has_exited
        self._tell(ChangeKind.KERNEL_RESTARTED)
        return True

    def _die(self, reason: str) -> None:
        kill_group(self._launch.group)
        log.error("kernel is dead kernel_id=%s reason=%s", self.kernel.id, reason)
        self.kernel.reason = reason
        self.kernel.happen(Event.GAVE_UP)
        self.kernel.lose_executions(reason, died=True)
        self.kernel.voice.publish_status("dead", reason=reason)
        self._tell(ChangeKind.KERNEL_DEAD, reason)

    def give_up(self, reason: str) -> None:
        """The first start, that nobody waited for, has failed; the kernel stays to say why."""
        self._die(reason)

    def _tell(self, kind: ChangeKind, reason: str | None = None) -> None:
        self._context.changes.publish(Change(kind, self.kernel.id, reason=reason))

    async def _clear_away(self) -> None:
        self._awaited.stop()
        await self._launch.clear_away()
        self._is_gone = True

    @asynccontextmanager
    async def _attended(self, *, abandon_start: bool = False) -> AsyncIterator[None]:
        """While somebody changes the kernel on purpose, its exits are theirs to handle.

        Args:
            abandon_start: do not wait for a start under way, end it.
        """
        if abandon_start:
            self._launch.abandoned.set()
        async with self._lock:
            self._launch.abandoned.clear()
            self._is_attended = True
            try:
                yield
            finally:
                self._is_attended = False
