"""One spare: a kernel process that has imported what it needs and waits for its folder and environment."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.sidecar.in_kernel.launch_ipykernel import CLAIMED, READY
from flasknb.kernel_bridge.sidecar.memory import own_bytes
from flasknb.kernel_bridge.sidecar.process import kill_group
from flasknb.kernel_bridge.sidecar.spare_process import SpareProcess, started

log = logging.getLogger(__name__)

CLAIM_TIMEOUT_S = 1.0
READY_WAIT_S = 10.0  # for one that is still importing: a new process would be later still
EARLY_VARIABLES = (
    *("PYTHON", "LD_", "DYLD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_", "IPY", "JUPYTER", "PYDEVD", "DEBUGPY"),
    *("ZMQ", "OPENSSL", "SSL_", "OMP_", "MKL_"),
)
"""Begins of the names that an interpreter or its first imports look at: a spare cannot take on other values of them."""


class Spare:
    """A process that becomes the kernel ``kernel_id`` once it is claimed. Event loop only.

    Args:
        command: exactly the kernel's command line, for only then it may become that kernel.
        env: the environment that it starts with; a kernel's own additions come with the claim.
        log_path: where its output goes, now and as a kernel.
        process: the same, already on its way.
    """

    def __init__(
        self,
        kernel_id: str,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log_path: Path,
        *,
        process: SpareProcess | None = None,
    ) -> None:
        self.kernel_id, self.name, self.log_path = kernel_id, name, log_path
        self.is_ready = self.is_claimed = False
        self._has_spoken = asyncio.Event()
        self._command, self._env = list(command), dict(env)
        self._loop = asyncio.get_running_loop()
        began = process or started(command, env, log_path)
        self._process, self._socket = began.process, began.socket
        self._loop.add_reader(self._socket, self._hear)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def memory_bytes(self) -> int:
        """Memory of its own, without what it shares with other processes' files; 0 where the system does not tell."""
        return own_bytes(self.pid)

    def suits(self, command: Sequence[str], env: Mapping[str, str]) -> bool:
        """Whether a kernel started now with ``command`` in ``env`` would be the same one."""
        changed = {name for name in {*self._env, *env} if self._env.get(name) != env.get(name)}
        return list(command) == self._command and not any(name.startswith(EARLY_VARIABLES) for name in changed)

    async def claimed(self, command: Sequence[str], env: Mapping[str, str], cwd: str) -> subprocess.Popen[Any] | None:
        """The process, now with this folder and environment; ``None``, and no spare is left, where it cannot be."""
        if self.is_claimed:
            return None
        if self.is_alive and self.suits(command, env) and await self._becomes_ready():
            try:
                await asyncio.wait_for(self._hand_over(env, cwd), CLAIM_TIMEOUT_S)
            except (OSError, asyncio.TimeoutError) as error:
                log.warning("spare does not answer kernel_id=%s error=%r", self.kernel_id, error)
            else:
                self._socket.close()
                self.is_claimed = True
                return self._process
        self.end()
        return None

    def end(self) -> None:
        """End the process, unless it has become a kernel."""
        if self.is_claimed:
            return
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()
        if self.is_alive:
            kill_group(self.pid)
            self._process.wait()  # at once: it was killed
        self.log_path.unlink(missing_ok=True)

    async def _becomes_ready(self) -> bool:
        try:
            await asyncio.wait_for(self._has_spoken.wait(), READY_WAIT_S)
        except asyncio.TimeoutError:
            log.warning("spare does not come up kernel_id=%s", self.kernel_id)
        return self.is_ready and self.is_alive

    async def _hand_over(self, env: Mapping[str, str], cwd: str) -> None:
        line = json.dumps({"cwd": cwd, "env": dict(env)}) + "\n"
        await self._loop.sock_sendall(self._socket, line.encode())
        if await self._loop.sock_recv(self._socket, 1) != CLAIMED:
            raise OSError("it ended")

    def _hear(self) -> None:
        try:
            said = self._socket.recv(1)
        except OSError:
            said = b""
        self.is_ready = said == READY
        self._has_spoken.set()
        if self.is_ready:
            log.info("spare ready name=%s pid=%d memory_bytes=%d", self.name, self.pid, self.memory_bytes)
        self._loop.remove_reader(self._socket)
