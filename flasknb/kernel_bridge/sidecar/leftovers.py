"""Processes that a sidecar started and nobody has a pid of: found by their kernel's connection file."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path

from flasknb.kernel_bridge.instance import process_start
from flasknb.kernel_bridge.sidecar.process import kill_group
from flasknb.kernel_bridge.sidecar.registry import KernelRecord

log = logging.getLogger(__name__)

PROCESSES = Path("/proc")


def is_running(record: KernelRecord) -> bool:
    """Whether the very process of ``record`` lives; another one with its pid does not count."""
    return record.pid > 0 and process_start(record.pid) == record.pid_start


def reap(record: KernelRecord) -> None:
    """End what is left of a kernel that nobody can go on with, and its connection file."""
    if is_running(record):
        kill_group(record.pid)
    for pid in processes_with(record.connection_file):
        log.warning("kernel without a master ended kernel_id=%s pid=%d", record.id, pid)
        with suppress(ProcessLookupError):
            kill_group(os.getpgid(pid))
    Path(record.connection_file).unlink(missing_ok=True)


def processes_with(argument: str) -> list[int]:
    """Our own processes that have ``argument`` on their command line; none where the system has no /proc."""
    wanted = os.fsencode(argument)
    found = []
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            is_ours = folder.stat().st_uid == os.geteuid()
            if is_ours and wanted in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
