"""Which spares are kept warm: one per chosen specification while somebody is about, within bounds of memory."""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from flasknb.errors import KernelSpecMissing
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.early_spare import DEFAULT, EarlySpare
from flasknb.kernel_bridge.sidecar.kernel_command import LAUNCHER
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager
from flasknb.kernel_bridge.sidecar.registry import Registry
from flasknb.kernel_bridge.sidecar.spare import Spare
from flasknb.kernel_bridge.sidecar.specs import require_spec

log = logging.getLogger(__name__)

SETTLE_S = 1.0  # after the last start, so that a new kernel has the processor for its first cells
FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 600.0
READY_TIMEOUT_S = 60.0
UNPREPARED = (KernelSpecMissing, OSError, RuntimeError, ValueError)


@dataclass
class _Trouble:
    """Why no spare of a specification is prepared before ``until_s``."""

    retry_s: float
    until_s: float


class Spares:
    """The spares of one sidecar, by specification. Event loop only; ``look`` is called every second.

    Args:
        environment: makes the allowlisted environment of the moment.
        has_room: whether the limits of kernels leave room for more.
        early: one that was started on a guess.
    """

    def __init__(
        self,
        options: KernelSidecar,
        managers: MappingKernelManager,
        specs: KernelSpecManager,
        registry: Registry,
        *,
        environment: Callable[[], Mapping[str, str]],
        has_room: Callable[[], bool],
        early: EarlySpare | None = None,
    ) -> None:
        self._options, self._managers, self._specs, self._registry = options, managers, specs, registry
        self._environment, self._has_room = environment, has_room
        self._early = early
        self._kept: dict[str, Spare] = {}
        self._begun_s: dict[str, float] = {}
        self._troubles: dict[str, _Trouble] = {}
        self._used_s = asyncio.get_running_loop().time()
        self._started_s = self._used_s - SETTLE_S
        self._is_over = False

    @property
    def pids(self) -> list[int]:
        """Their processes."""
        return [spare.pid for spare in self._kept.values()]

    def note_use(self) -> None:
        """Somebody is about, who may want a kernel soon."""
        self._used_s = asyncio.get_running_loop().time()

    def nearest(self, name: str) -> Spare | None:
        """A spare of the specification ``name``; one that still imports is a kernel sooner than a new process."""
        spare = self._kept.get(name)
        return spare if spare is not None and spare.is_alive else None

    def note_start(self, spare: Spare | None) -> None:
        """A kernel starts; ``spare`` is its from now on."""
        self._started_s = asyncio.get_running_loop().time()
        if spare is not None:
            self._kept.pop(spare.name)

    async def take_early(self) -> None:
        """Keep the one that was started on a guess where it is what a kernel would be, or end it."""
        early, self._early = self._early, None
        if early is None:
            return
        spare = None
        if self._has_room() and early.name in self._names():
            with suppress(*UNPREPARED):  # told when one is prepared in the usual way
                spare = await self._spare(early.name, early)
        if spare is None:
            log.info("early spare ended name=%s pid=%d", early.name, early.process.process.pid)
            early.end()
        else:
            self._kept[early.name], self._begun_s[early.name] = spare, asyncio.get_running_loop().time()

    async def look(self, *, is_calm: bool) -> None:
        """Prepare what is missing, end what is too much.

        Args:
            is_calm: no kernel is starting.
        """
        now_s = asyncio.get_running_loop().time()
        self._end_unfit(now_s)
        is_wanted = now_s - self._used_s < self._options.spare_idle_s and self._has_room()
        if not is_wanted:
            self._end(list(self._kept))
        elif is_calm and now_s - self._started_s >= SETTLE_S:
            for name in self._names():
                if name not in self._kept and self._may_try(name, now_s):
                    await self._prepare(name, now_s)

    def end_all(self) -> None:
        """End them, for good."""
        self._is_over = True
        self._end(list(self._kept))

    def _names(self) -> list[str]:
        chosen = self._options.spare_kernels
        return [self._managers.default_kernel_name if name == DEFAULT else name for name in chosen]

    def _may_try(self, name: str, now_s: float) -> bool:
        trouble = self._troubles.get(name)
        return not self._is_over and (trouble is None or now_s >= trouble.until_s)

    def _end(self, names: list[str]) -> None:
        for name in names:
            self._kept.pop(name).end()

    def _end_unfit(self, now_s: float) -> None:
        """Those that have died, hang, or are more than the memory that spares may have."""
        total_bytes = 0
        for name, spare in list(self._kept.items()):
            total_bytes += spare.memory_bytes
            if not spare.is_alive or (not spare.is_ready and now_s - self._begun_s[name] > READY_TIMEOUT_S):
                self._give_up(name, now_s, "it does not come up")
            elif total_bytes > self._options.spare_memory_bytes:
                self._give_up(name, now_s, f"spares take {total_bytes} bytes")
                total_bytes -= spare.memory_bytes
            elif spare.is_ready:
                self._troubles.pop(name, None)

    def _give_up(self, name: str, now_s: float, why: str) -> None:
        before = self._troubles.get(name)
        retry_s = FIRST_RETRY_S if before is None else min(2 * before.retry_s, LONGEST_RETRY_S)
        self._troubles[name] = _Trouble(retry_s, now_s + retry_s)
        self._end([name])
        log.warning("spare ended name=%s reason=%s retry_s=%.0f", name, why, retry_s)

    async def _prepare(self, name: str, now_s: float) -> None:
        try:
            spare = await self._spare(name, None)
        except UNPREPARED as error:
            log.warning("no spare of name=%s error=%s", name, error)
            spare = None
        if spare is None:
            self._troubles[name] = _Trouble(LONGEST_RETRY_S, now_s + LONGEST_RETRY_S)
        elif self._is_over:
            spare.end()
        else:
            self._kept[name], self._begun_s[name] = spare, now_s

    async def _spare(self, name: str, early: EarlySpare | None) -> Spare | None:
        """A process with the very command line of a kernel to come; ``None`` for kernels that cannot be prepared."""
        require_spec(self._specs, name)
        kernel_id = str(uuid.uuid4()) if early is None else early.kernel_id
        manager = self._managers.kernel_manager_factory(
            connection_file=os.path.join(self._managers.connection_dir, f"kernel-{kernel_id}.json"),  # noqa: PTH118
            parent=self._managers,
            kernel_name=name,
        )
        manager.kernel_id = kernel_id
        command = manager.format_kernel_cmd()
        if str(LAUNCHER) not in command:
            return None
        environment = dict(self._environment())
        launch = await KernelProvisionerBase.pre_launch(manager.local_process(), cmd=command, env=environment)
        if early is not None and (launch["cmd"], launch["env"]) != (early.command, early.env):
            return None
        process = None if early is None else early.process
        log_path = self._registry.log_path(kernel_id)
        return Spare(kernel_id, name, launch["cmd"], launch["env"], log_path, process=process)
