"""The process that converts: waits for a job's folder on its standard input, does the job, ends.

Runs outside of the web worker, with nbconvert in its memory and limits on it.
"""

from __future__ import annotations

import importlib
import logging
import os
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from flasknb.conversion.jobs import LOG, Job, Result, read_job, write_result
from flasknb.conversion.options import MEGABYTE
from flasknb.errors import sentence

log = logging.getLogger(__name__)

CPU_GRACE_S = 10


def main() -> None:
    """Wait for a job (as a spare: at most so many seconds as the first argument says), do it, end."""
    spare_time_s = float(sys.argv[1])
    if spare_time_s > 0:
        _import_ahead()
    if (folder := _folder_from_input(spare_time_s or None)) is None:
        return
    job = read_job(folder)
    os.environ.clear()
    os.environ.update(job.environment)
    _redirect_output(folder)
    _die_with_the_server()
    _limit(job)
    write_result(folder, _do(job, folder))


def _do(job: Job, folder: Path) -> Result:
    from flasknb.conversion import bundles, exports, merging

    kinds: dict[str, Callable[[Job, Path], Result]] = {
        "export": exports.export,
        "exporters": exports.list_exporters,
        "bundle": bundles.bundle,
        "merge": merging.merge,
    }
    try:
        return kinds[job.kind](job, folder)
    except MemoryError:
        return Result("failed", _told_of_memory(job))


def _told_of_memory(job: Job) -> str:
    allowed_mb = job.memory_limit_bytes // MEGABYTE
    return sentence(
        f"The conversion needs more than the {allowed_mb} MB of memory it may use. Make the notebook smaller, or raise "
        "Conversion.memory_limit_bytes."
    )


def _import_ahead() -> None:
    try:
        importlib.import_module("flasknb.contents.late_nbformat")  # first: it imports jsonschema
        importlib.import_module("nbconvert.exporters")
    except ImportError:
        log.debug("nbconvert is not installed")


def _folder_from_input(wait_s: float | None) -> Path | None:
    """The folder that the server names; ``None`` when it closed the pipe or named none in time."""
    if wait_s is not None and hasattr(os, "killpg") and not select.select([0], [], [], wait_s)[0]:
        return None
    line = sys.stdin.buffer.readline().decode().rstrip("\n")
    return Path(line) if line else None


def _redirect_output(folder: Path) -> None:
    """What anything here prints goes to the log of the job; temporary files into its folder."""
    descriptor = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)
    temporary = folder / "tmp"
    temporary.mkdir(mode=0o700)
    os.environ["TMPDIR"] = str(temporary)
    tempfile.tempdir = None
    os.chdir(temporary)


def _die_with_the_server() -> None:
    """End this process and all it starts when the server closes the pipe."""

    def wait() -> None:
        while sys.stdin.buffer.read(1024):
            pass
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _limit(job: Job) -> None:
    """Set the limits that the system keeps. They pass on to every program that is started from here."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(job.timeout_s) + CPU_GRACE_S if job.timeout_s else 0,
        resource.RLIMIT_FSIZE: job.output_limit_bytes,
        # not RLIMIT_AS: browsers and pandoc reserve address space by the terabyte, and use little of it
        resource.RLIMIT_DATA: job.memory_limit_bytes,
    }
    for kind, value in limits.items():
        if value or kind == resource.RLIMIT_CORE:
            _, hard = resource.getrlimit(kind)
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (bound, bound))
