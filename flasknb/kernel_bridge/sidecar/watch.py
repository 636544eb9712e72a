"""Whether the process of one kernel still runs, and how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from flasknb.kernel_bridge.sidecar.managers import KernelRestarter, ServerKernelManager
from flasknb.kernel_bridge.sidecar.out_of_memory import OutOfMemory
from flasknb.kernel_bridge.sidecar.process import ExitWatch, describe_exit
from flasknb.kernel_bridge.sidecar.provisioner import KernelProcess

log = logging.getLogger(__name__)


def local_process(manager: ServerKernelManager | None) -> KernelProcess | None:
    """The local process; ``None`` before the first launch, and for kernels that run elsewhere."""
    provisioner = None if manager is None else manager.provisioner
    return provisioner if isinstance(provisioner, KernelProcess) else None


def process_here(manager: ServerKernelManager | None) -> LocalProvisioner | None:
    """The same, also where a provisioner of the specification's own has started a process of this machine."""
    provisioner = None if manager is None else manager.provisioner
    return provisioner if isinstance(provisioner, LocalProvisioner) else None


class Watch:
    """Watches one process after the other. Event loop only.

    Args:
        kernel_id: for the log.
        on_exit: called once for each process that ends while it is watched; ``has_exited`` is set by then.
        options: how often to look where the system or a remote provisioner cannot tell of an exit.
    """

    def __init__(self, kernel_id: str, on_exit: Callable[[], None], options: KernelRestarter) -> None:
        self._kernel_id, self._on_exit, self._options = kernel_id, on_exit, options
        self.exited = asyncio.Event()
        self._watch: ExitWatch | None = None
        self._poll: asyncio.Task[None] | None = None

    @property
    def has_exited(self) -> bool:
        """Whether the process that was watched last has ended."""
        return self.exited.is_set()

    def begin(self, manager: ServerKernelManager) -> None:
        """Watch the process that ``manager`` has started."""
        self.stop()
        process = local_process(manager)
        pid = None if process is None else process.pid
        try:
            self._watch = None if pid is None else ExitWatch(pid, self._ended)
        except OSError as error:
            log.debug("kernel is polled kernel_id=%s reason=%s", self._kernel_id, error)
        if self._watch is None:
            self._poll = asyncio.create_task(self._poll_until_exit(manager))

    def stop(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.close()
        if self._poll is not None:
            self._poll.cancel()
        self._watch = self._poll = None

    def _ended(self) -> None:
        self.exited.set()
        self._on_exit()

    async def _poll_until_exit(self, manager: ServerKernelManager) -> None:
        while await manager.is_alive():
            if self._options.debug:
                log.info("kernel is alive kernel_id=%s", self._kernel_id)
            await asyncio.sleep(self._options.time_to_dead)
        self._ended()


async def returncode(manager: ServerKernelManager | None) -> int | None:
    """How the kernel's process ended, negative for a signal; ``None`` where nobody knows."""
    process = local_process(manager)
    return await process.poll() if process is not None and process.has_process else None


async def exit_text(manager: ServerKernelManager | None, memory: OutOfMemory) -> str:
    """The same in words that follow "The kernel"."""
    return describe_exit(await returncode(manager), is_out_of_memory=memory.has_killed)
