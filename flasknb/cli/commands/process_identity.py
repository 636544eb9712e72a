"""Whether a process id still means the process that wrote a file. Knows the process table, signals nothing unproven."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from flasknb.kernel_bridge.instance import PS_TIMEOUT_S, process_start

CLOCK_SLACK_S = 3.0  # the boot time is known to a second, and clocks are set a little now and then
POLL_INTERVAL_S = 0.1
SERVER_WORDS = re.compile(r"flasknb|jupyter|gunicorn|notebook|python", re.IGNORECASE)


@dataclass(frozen=True)
class Evidence:
    """What speaks for a process being the one that wrote a file.

    ``is_alive``: there is such a process, and it is ours. ``is_older``: it ran when the file was written, so the number
    was not given to another one since. ``looks_right``: its command line is that of a Jupyter server.
    """

    is_alive: bool
    is_older: bool
    looks_right: bool

    @property
    def is_running(self) -> bool:
        """Good enough to be shown; a clock that was set would make ``is_older`` false."""
        return self.is_alive and (self.is_older or self.looks_right)

    @property
    def is_proven(self) -> bool:
        """Good enough to be signalled."""
        return self.is_alive and self.is_older and self.looks_right


def evidence(pid: int, written_s: float) -> Evidence:
    """Look at process ``pid``, which is said to have written a file at ``written_s`` (seconds since 1970)."""
    start = process_start(pid) if pid > 1 else None
    if start is None or not _is_ours(pid):
        return Evidence(False, False, False)
    return Evidence(
        is_alive=True,
        is_older=_wall_time_s(start) <= written_s + CLOCK_SLACK_S,
        looks_right=SERVER_WORDS.search(_command_line(pid)) is not None,
    )


class KnownProcess:
    """A process that can be signalled and waited for without ever meaning its successor. Close it in the end."""

    def __init__(self, pid: int) -> None:
        """Raises ProcessLookupError."""
        self.pid = pid
        self._start = process_start(pid)
        self._descriptor = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
        if self._start is None:
            self.close()
            raise ProcessLookupError(pid)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the process has ended. Raises PermissionError."""
        try:
            if self._descriptor is not None and hasattr(signal, "pidfd_send_signal"):
                signal.pidfd_send_signal(self._descriptor, number)
            elif process_start(self.pid) == self._start:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def wait(self, timeout_s: float) -> bool:
        """Whether it ends within ``timeout_s``."""
        if self._descriptor is not None:
            return bool(select.select([self._descriptor], [], [], timeout_s)[0])
        end_s = time.monotonic() + timeout_s
        while process_start(self.pid) == self._start:
            if time.monotonic() >= end_s:
                return False
            time.sleep(POLL_INTERVAL_S)
        return True

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _is_ours(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}").stat().st_uid == os.geteuid()
    except OSError:
        return _ps(pid, "uid=").strip() == str(os.geteuid())


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return _ps(pid, "command=")


def _wall_time_s(start: int) -> float:
    """``process_start`` as seconds since 1970."""
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        return float(start)
    boot_s = next((float(line.split()[1]) for line in lines if line.startswith("btime ")), 0.0)
    return boot_s + start / os.sysconf("SC_CLK_TCK")


def _ps(pid: int, column: str) -> str:
    return subprocess.run(
        ["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, timeout=PS_TIMEOUT_S, check=False
    ).stdout
