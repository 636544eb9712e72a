"""Kernels that a sidecar left running: their managers made anew, the sockets of those that are gone removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jupyter_client.provisioning.factory import KernelProvisionerFactory

from flasknb.kernel_bridge.sidecar.foreign import take_over
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager, ServerKernelManager
from flasknb.kernel_bridge.sidecar.registry import KernelRecord


def adopted_manager(managers: MappingKernelManager, record: KernelRecord, log_path: Path) -> ServerKernelManager:
    """A manager for the running kernel of ``record``. Raises whatever its connection file or specification makes."""
    manager: ServerKernelManager = managers.kernel_manager_factory(
        connection_file=record.connection_file, parent=managers, kernel_name=record.name
    )
    manager.load_connection_file()
    manager.kernel_id, manager.log_path = record.id, log_path
    process = manager.local_process()
    process.adopt(record.pid, record.pid_start)
    manager.provisioner = process
    manager._attempted_start = True  # what the manager notes about kernels that it started itself
    manager._connection_file_written = True  # so that the file goes with the kernel
    return manager


async def manager_elsewhere(
    managers: MappingKernelManager, record: KernelRecord, log_path: Path
) -> ServerKernelManager:
    """A manager for a kernel that a provisioner of the specification's own has started.

    Raises:
        KernelFailed: the provisioner says that it has ended. Whatever else that provisioner, the connection file or
            the specification make.
    """
    manager: ServerKernelManager = managers.kernel_manager_factory(
        connection_file=record.connection_file, parent=managers, kernel_name=record.name
    )
    manager.load_connection_file()
    manager.kernel_id, manager.log_path, manager.elsewhere = record.id, log_path, record.elsewhere
    factory = KernelProvisionerFactory.instance(parent=managers)
    manager.provisioner = factory.create_provisioner_instance(record.id, manager.kernel_spec, manager)
    await take_over(manager.provisioner, record, manager.get_connection_info())
    manager._attempted_start = manager._connection_file_written = True
    return manager


def sweep_sockets(folder: Path, kept_prefixes: Sequence[str]) -> None:
    """Remove the sockets of kernels that are gone; the folder is our instance's alone, and we hold its lock."""
    for path in folder.glob("k*-*"):
        if path.is_socket() and not str(path).startswith(tuple(kept_prefixes)):
            path.unlink(missing_ok=True)
