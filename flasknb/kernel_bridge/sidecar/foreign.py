"""Provisioners of a specification's own (entry point ``jupyter_client.kernel_provisioners``).

What such a provisioner says of itself (``get_provisioner_info``) is kept with the kernel, and given back to a new one
by the next sidecar (``load_provisioner_info``).
"""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.instance import process_start
from flasknb.kernel_bridge.sidecar.log_files import open_log
from flasknb.kernel_bridge.sidecar.process import AdoptedProcess
from flasknb.kernel_bridge.sidecar.provisioner import KernelProcess
from flasknb.kernel_bridge.sidecar.registry import KernelRecord

log = logging.getLogger(__name__)

MARK = "provisioner"
ADDRESSES = "connection_info"


def is_provisioned(record: KernelRecord) -> bool:
    """Whether the kernel of ``record`` was started by such a provisioner."""
    return MARK in record.elsewhere


@contextmanager
def outliving(provisioner: object, log_path: Path | None) -> Iterator[Mapping[str, Any]]:
    """Further arguments of a launch: where it makes a process of this machine, one that outlives the sidecar."""
    if not isinstance(provisioner, LocalProvisioner) or isinstance(provisioner, KernelProcess):
        yield {}
        return
    with open_log(log_path) as log_file:
        yield {"independent": True, "stdin": subprocess.DEVNULL, "stdout": log_file, "stderr": log_file}


async def told_by(provisioner: KernelProvisionerBase) -> Mapping[str, Any]:
    """What is kept of a launched kernel; nothing where the provisioner cannot say, so that nobody takes it over."""
    try:
        told = await provisioner.get_provisioner_info()
        kept = {name: value for name, value in told.items() if name != ADDRESSES}
        return {MARK: json.loads(json.dumps(kept))}
    except Exception as error:  # noqa: BLE001 - any package's class
        log.warning("kernel will not be taken over, its provisioner cannot say where it is error=%s", error)
        return {}


async def take_over(provisioner: KernelProvisionerBase, record: KernelRecord, addresses: Mapping[str, Any]) -> None:
    """Make a new provisioner look after the kernel of ``record``. Raises KernelFailed where that has ended."""
    told = {**record.elsewhere[MARK], ADDRESSES: dict(addresses)}
    await provisioner.load_provisioner_info(told)
    if isinstance(provisioner, LocalProvisioner) and provisioner.process is None:
        if not record.pid or process_start(record.pid) != record.pid_start:
            raise KernelFailed("its process has ended")
        process = AdoptedProcess(record.pid, record.pid_start)
        provisioner.process = cast("subprocess.Popen[bytes]", process)
    if await provisioner.poll() is not None:
        raise KernelFailed("its provisioner says that it has ended")
