"""What tests ask about other processes, any of which may end while they are asked about."""

from __future__ import annotations

import psutil


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended; one that nobody has reaped yet has."""
    try:
        return str(psutil.Process(pid).status()) != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def has_zombies(parent: psutil.Process) -> bool:
    """Whether a child of ``parent`` has ended and was not reaped."""
    return any(_is_zombie(child) for child in parent.children())


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
