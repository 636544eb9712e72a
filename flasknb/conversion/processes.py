"""Processes that convert: started apart from the web worker, watched while they work, ended with all they started.

A process gets its job's folder as one line on its standard input, which then stays open: when it closes, because the
web worker died, the process ends itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flasknb.conversion.jobs import Folder, Result
from flasknb.errors import ClientGone, ConversionFailed, sentence
from flasknb.kernel_bridge.environment import allowed_environment

log = logging.getLogger(__name__)

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
BOOT = (
    "import sys; sys.path[:1] = []; sys.path.append(sys.argv.pop(1)); "
    "from flasknb.conversion.worker import main; main()"
)
"""Nothing is imported from the working directory."""

WATCH_INTERVAL_S = 0.25
END_TIMEOUT_S = 5.0
TEX_RULES = {"openin_any": "p", "openout_any": "p", "shell_escape": "f"}
"""TeX reads and writes in its own folder only, and starts no program, whatever a notebook says."""


@dataclass
class Spare:
    """A process that has imported what conversions need and waits for a job."""

    process: subprocess.Popen[bytes]
    start_environment: dict[str, str]
    ready_until_s: float


_spares: list[Spare] = []  # at most one; only ever a shortcut: losing it costs a start


def run(
    folder: Folder,
    *,
    timeout_s: float,
    environment: Mapping[str, str],
    spare_time_s: float,
    is_unwanted: Callable[[], bool],
) -> Result:
    """Do the job laid out in ``folder``. One greenlet or thread, in the main hub.

    Raises:
        ConversionFailed: it took too long, or ended without a word.
        ClientGone: nobody waits for the answer any more.
    """
    with _process(dict(environment)) as process:
        _hand_over(process, folder)
        _watch(process, timeout_s, is_unwanted)
        code = process.returncode
    if spare_time_s > 0:  # only now: it would have taken the processor from this one
        _keep_spare(dict(environment), spare_time_s)
    result = folder.result()
    if result is None:
        raise ConversionFailed(_last_words(code, folder))
    return result


def conversion_environment(environ: Mapping[str, str], more_patterns: list[str], root_dir: Path) -> dict[str, str]:
    """What a conversion sees of the environment: as much as kernels, and no program of the served folder itself."""
    kept = allowed_environment(environ, more_patterns)
    folders = [folder for folder in kept.get("PATH", os.defpath).split(os.pathsep) if Path(folder).is_absolute()]
    kept["PATH"] = os.pathsep.join(folder for folder in folders if Path(folder).resolve() != root_dir)
    return kept | TEX_RULES


def end_spares() -> None:
    """End the process that waits, if there is one."""
    while _spares:
        _end(_spares.pop().process)


@contextlib.contextmanager
def _process(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = _take_spare(environment) or _start(environment, 0.0)
    try:
        yield process
    finally:
        _end(process)


def _start(environment: dict[str, str], spare_time_s: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", BOOT, str(PACKAGE_PARENT), f"{spare_time_s:.0f}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/" if os.name == "posix" else None,
        env=environment,
        start_new_session=True,
    )


def _take_spare(environment: dict[str, str]) -> subprocess.Popen[bytes] | None:
    while _spares:
        spare = _spares.pop()
        is_good = spare.start_environment == _start_part(environment) and time.monotonic() < spare.ready_until_s
        if is_good and spare.process.poll() is None:
            return spare.process
        _end(spare.process)
    return None


def _start_part(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment counts when a process starts; the rest comes with its job."""
    return {name: value for name, value in environment.items() if name.startswith(("PYTHON", "LD_", "DYLD_"))}


def _keep_spare(environment: dict[str, str], spare_time_s: float) -> None:
    if not _spares:
        until_s = time.monotonic() + spare_time_s - 1
        _spares.append(Spare(_start(environment, spare_time_s), _start_part(environment), until_s))


def _hand_over(process: subprocess.Popen[bytes], folder: Folder) -> None:
    assert process.stdin is not None  # noqa: S101  it was started with a pipe
    with contextlib.suppress(BrokenPipeError):  # it died already; the watch will say so
        process.stdin.write(f"{folder.path}\n".encode())
        process.stdin.flush()


def _watch(process: subprocess.Popen[bytes], timeout_s: float, is_unwanted: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + timeout_s
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(WATCH_INTERVAL_S)
            return
        if time.monotonic() > deadline_s:
            raise ConversionFailed(
                f"The conversion took longer than {timeout_s:.0f} s and was ended. Make the notebook smaller, or raise "
                "Conversion.timeout_s."
            )
        if is_unwanted():
            raise ClientGone("The client went away; the conversion was ended")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process, its group, and its descendants that left the group."""
    strays = _descendants(process.pid)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    else:
        process.kill()
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_TIMEOUT_S)


def _descendants(pid: int) -> list[int]:
    """Processes below ``pid`` (Linux; none elsewhere). Asked before the kill, because orphans cannot be found by it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = entry.read_text("ascii", "replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _last_words(code: int | None, folder: Folder) -> str:
    tail = folder.log_tail()
    how = f"signal {-code}" if code is not None and code < 0 else f"code {code}"
    log.warning("conversion ended without a result how=%s log=%r", how, tail)
    return sentence(
        f"The conversion ended unexpectedly ({how}). It may have needed more memory than Conversion.memory_limit_bytes."
    )
