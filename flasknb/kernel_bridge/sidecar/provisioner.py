"""Local kernel processes: independent of the sidecar, output to a log file, and taken over from a dead sidecar."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from flasknb.kernel_bridge.sidecar.process import AdoptedProcess

LOG_TAIL_BYTES = 4000
LOG_LIMIT_BYTES = 1024 * 1024


class KernelProcess(LocalProvisioner):
    """Starts a kernel in its own session, so that it outlives the sidecar."""

    log_path: Path | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start ``cmd`` with its output in ``log_path``."""
        with _open_log(self.log_path) as log_file:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log_file, "stderr": log_file}
            return await super().launch_kernel(cmd, **{**kwargs, **streams, "independent": True})

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


def _open_log(log_path: Path | None) -> Any:
    target = os.devnull if log_path is None else log_path
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.fdopen(os.open(target, flags, 0o600), "ab")
