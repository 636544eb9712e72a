"""A kernel process that this sidecar may not have started: alive, exit, signals, group."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from flasknb.kernel_bridge.instance import process_start


class AdoptedProcess:
    """Looks like ``subprocess.Popen`` for a process that is not our child. How it ended cannot be known.

    Args:
        pid: process id.
        start: its start time in clock ticks, so that a reused pid is not mistaken for it.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, start: int) -> None:
        self.pid = pid
        self._start = start
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """``None`` while it lives, else 0."""
        if self.returncode is None and process_start(self.pid) != self._start:
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Only called when ``poll`` has said that it ended."""
        return self.poll() or 0

    def send_signal(self, signum: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ExitWatch:
    """Calls back once, at once, when a process ends; also for processes that are not our children.

    Raises:
        OSError: the system has no pidfd, or there is no such process.
    """

    def __init__(self, pid: int, on_exit: Callable[[], None]) -> None:
        if not hasattr(os, "pidfd_open"):
            raise OSError("no pidfd on this system")
        self._loop = asyncio.get_running_loop()
        self._on_exit = on_exit
        self._descriptor: int | None = os.pidfd_open(pid)
        self._loop.add_reader(self._descriptor, self._ended)

    def close(self) -> None:
        """Stop watching."""
        if self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def _ended(self) -> None:
        self.close()
        self._on_exit()


def kill_group(group: int | None) -> None:
    """End whatever is left of a process group whose leader has ended."""
    if group is not None and group > 1:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left, or nobody of ours
            os.killpg(group, signal.SIGKILL)


def exit_cause(returncode: int | None) -> str:
    """How a process ended, for a log line."""
    if returncode is None:
        return "unknown cause"
    return f"signal {-returncode}" if returncode < 0 else f"status {returncode}"


def describe_exit(returncode: int | None, *, is_out_of_memory: bool = False) -> str:
    """How a process ended, for users.

    Args:
        is_out_of_memory: the system has just ended some process for want of memory.
    """
    if returncode is None:
        return "ended"
    if returncode == -signal.SIGKILL and is_out_of_memory:
        return "was ended by the system because memory ran out (signal SIGKILL)"
    if returncode < 0:
        try:
            return f"was ended by signal {signal.Signals(-returncode).name}"
        except ValueError:
            return f"was ended by signal {-returncode}"
    return f"ended with status {returncode}"
