"""Where kernels of one instance live: working folder, environment, ipc sockets."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from flasknb.kernel_bridge.environment import allowed_environment
from flasknb.kernel_bridge.instance import socket_dir
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.adoption import sweep_sockets
from flasknb.kernel_bridge.sidecar.launch import LaunchPlan
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager


class Places:
    """Answers from options and instance folder.

    Args:
        root_dir: the folder this instance serves, resolved.
    """

    def __init__(
        self, root_dir: Path, instance_dir: Path, options: KernelSidecar, managers: MappingKernelManager
    ) -> None:
        self._root_dir, self._options, self._managers = root_dir, options, managers
        self._socket_dir = socket_dir(instance_dir)

    def plan(self, kernel_id: str, cwd: str, more_env: Mapping[str, str]) -> LaunchPlan:
        """How this kernel is started, now and at every restart."""
        return LaunchPlan(cwd, more_env, self.environment, self._socket_prefix(kernel_id))

    def environment(self) -> Mapping[str, str]:
        """The environment of the moment, as far as kernels may see it."""
        return allowed_environment(os.environ, self._options.allowed_env)

    def working_dir(self, disk_cwd: str | None) -> str:
        """``disk_cwd``, or its nearest ancestor that exists; the root where none is given."""
        folder = self._root_dir / (disk_cwd or "")
        other_root = self._managers.root_dir
        if other_root and folder.is_relative_to(self._root_dir):
            folder = Path(other_root) / folder.relative_to(self._root_dir)
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        return str(folder)

    def sweep(self, kept_ids: Collection[str]) -> None:
        """Remove the sockets of all kernels but these."""
        sweep_sockets(self._socket_dir, [self._socket_prefix(kernel_id) for kernel_id in kept_ids])

    def _socket_prefix(self, kernel_id: str) -> str:
        return str(self._socket_dir / f"k{hashlib.sha256(kernel_id.encode()).hexdigest()[:12]}")


def runtime_dir() -> str:
    """Where connection files are; made if it is not there."""
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)
