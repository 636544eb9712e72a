"""Local kernel processes: independent of the sidecar, output to a log file, and taken over from a dead sidecar."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from flasknb.kernel_bridge.sidecar.log_files import open_log
from flasknb.kernel_bridge.sidecar.process import AdoptedProcess

LOG_TAIL_BYTES = 4000
LOG_LIMIT_BYTES = 1024 * 1024
PLAIN_LAUNCH = frozenset({"cwd", "env", "kernel_id", "extra_arguments"})  # what a prepared process can take on


class PreparedProcess(Protocol):
    """A process that waits to become a kernel."""

    async def claimed(
        self, command: Sequence[str], env: Mapping[str, str], cwd: str
    ) -> subprocess.Popen[Any] | None: ...


class KernelProcess(LocalProvisioner):
    """Starts a kernel in its own session, so that it outlives the sidecar."""

    log_path: Path | None = None
    prepared: PreparedProcess | None = None  # for the first launch
    on_launched: Callable[[], None] | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start ``cmd`` with its output in ``log_path``, or let the process that was prepared become it."""
        if not await self._claim(cmd, kwargs):
            await self._start(cmd, kwargs)
        if self.on_launched is not None:
            self.on_launched()
        return self.connection_info

    async def _claim(self, cmd: list[str], kwargs: Mapping[str, Any]) -> bool:
        prepared, self.prepared = self.prepared, None
        if prepared is None:
            return False
        is_plain = PLAIN_LAUNCH.issuperset(kwargs) and not kwargs.get("extra_arguments")
        process = await prepared.claimed(cmd if is_plain else [], kwargs.get("env", {}), str(kwargs.get("cwd", "")))
        if process is None:
            return False
        self.process, self.pid, self.pgid = process, process.pid, process.pid  # it leads a session of its own
        self.cwd = kwargs["cwd"]
        return True

    async def _start(self, cmd: list[str], kwargs: Mapping[str, Any]) -> None:
        with open_log(self.log_path) as log_file:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log_file, "stderr": log_file}
            await super().launch_kernel(cmd, **{**kwargs, **streams, "independent": True})

    def adopt(self, pid: int, start: int) -> None:
        """Take over a living process that another sidecar started as leader of its group."""
        self.process = cast("subprocess.Popen[bytes]", AdoptedProcess(pid, start))
        self.pid = self.pgid = pid
        self.connection_info = cast(Any, self.parent).get_connection_info()

    def log_tail(self) -> str:
        """The last thing the kernel wrote on its standard output and error."""
        if self.log_path is None:
            return ""
        try:
            with self.log_path.open("rb") as file:
                file.seek(max(0, self.log_path.stat().st_size - LOG_TAIL_BYTES))
                return file.read().decode(errors="replace").strip()
        except OSError:
            return ""

    def trim_log(self) -> None:
        """Empty the log file when it has grown too large; the kernel goes on appending."""
        if self.log_path is not None and self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT_BYTES:
            os.truncate(self.log_path, 0)
