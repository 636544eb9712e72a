"""The process of a spare, from its first moment on. Knows processes and sockets, nothing of kernels."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.sidecar.in_kernel.launch_ipykernel import SPARE_VARIABLE
from flasknb.kernel_bridge.sidecar.log_files import open_log


@dataclass(frozen=True)
class SpareProcess:
    """A process that becomes a spare, and our end, not blocking, of the socket on which it says so and is claimed."""

    process: subprocess.Popen[Any]
    socket: socket.socket


def started(command: Sequence[str], env: Mapping[str, str], log_path: Path) -> SpareProcess:
    """Start one with its output in ``log_path``; its folder is ``/`` until it is claimed. Raises OSError."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with theirs, open_log(log_path) as log_file:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=log_file,
            cwd="/",
            env={**env, SPARE_VARIABLE: str(theirs.fileno())},
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    return SpareProcess(process, ours)
