"""The first spare, started before the sidecar has imported what it needs to serve: a quarter of a second earlier.

Knows where specifications lie and what a command line looks like, nothing of jupyter_client. What it starts is a guess:
``Spares`` compares it with what a kernel would be, and ends it where that differs.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path, jupyter_runtime_dir

from flasknb.kernel_bridge.environment import allowed_environment
from flasknb.kernel_bridge.instance import private_dir
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.kernel_command import LAUNCHER, through_launcher
from flasknb.kernel_bridge.sidecar.settings import Settings
from flasknb.kernel_bridge.sidecar.spare_process import SpareProcess, started

log = logging.getLogger(__name__)

USUAL_NAME = "python3"
DEFAULT = "default"
UNUSUAL = (
    ("GatewayClient", "url"),
    ("ServerApp", "kernel_manager_class"),
    ("ServerApp", "kernel_spec_manager_class"),
    ("MappingKernelManager", "default_kernel_name"),
    ("AsyncMappingKernelManager", "default_kernel_name"),
)
"""Options with which the first kernel is hardly the usual one."""


@dataclass(frozen=True)
class EarlySpare:
    """A process on its way, and what it was started for."""

    kernel_id: str
    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log_path: Path
    process: SpareProcess

    def end(self) -> None:
        """It is not wanted, or not what is wanted."""
        from flasknb.kernel_bridge.sidecar.process import kill_group  # late: it brings asyncio

        self.process.socket.close()
        if self.process.process.poll() is None:
            kill_group(self.process.process.pid)
            self.process.process.wait()  # at once: it was killed
        self.log_path.unlink(missing_ok=True)


def early_spare(settings: Settings) -> EarlySpare | None:
    """Start the process of the kernel that is probably wanted first; ``None`` where nobody can know that so soon."""
    options = KernelSidecar(config=settings.config)
    is_wanted = {DEFAULT, USUAL_NAME} & set(options.spare_kernels) and options.spare_memory_bytes > 0
    if not is_wanted or any(settings.config.get(section, {}).get(option) for section, option in UNUSUAL):
        return None
    kernel_id = str(uuid.uuid4())
    try:
        command = _command(kernel_id)
        if command is None:
            return None
        env = allowed_environment(os.environ, options.allowed_env)
        env.pop("PYTHONEXECUTABLE", None)
        log_path = private_dir(settings.instance_dir / "kernels") / f"{kernel_id}.log"
        process = started(command, env, log_path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.debug("no early spare error=%r", error)  # whoever prepares the next one says why
        return None
    return EarlySpare(kernel_id, USUAL_NAME, command, env, log_path, process)


def _command(kernel_id: str) -> Sequence[str] | None:
    """As ``format_kernel_cmd`` would write it. Raises what an unreadable specification does."""
    folder = next((Path(one, USUAL_NAME) for one in jupyter_path("kernels") if _has_kernel(Path(one))), None)
    if folder is None:
        return None
    spec: Mapping[str, Any] = json.loads((folder / "kernel.json").read_text("utf-8"))
    if spec.get("env") or (spec.get("metadata") or {}).get("kernel_provisioner"):
        return None
    runtime_dir = Path(jupyter_runtime_dir())
    runtime_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection_file = os.path.realpath(runtime_dir / f"kernel-{kernel_id}.json")
    first, *others = spec["argv"]
    version = sys.version_info
    own = {"python", f"python{version[0]}", f"python{version[0]}.{version[1]}"}
    named = [sys.executable if first in own else first, *others]
    values = {"{connection_file}": connection_file, "{prefix}": sys.prefix, "{resource_dir}": str(folder)}
    command = through_launcher([_filled(argument, values) for argument in named])
    return command if str(LAUNCHER) in command else None


def _has_kernel(folder: Path) -> bool:
    return (folder / USUAL_NAME / "kernel.json").is_file()


def _filled(argument: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        argument = argument.replace(name, value)
    return argument
