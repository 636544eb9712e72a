"""Where one instance of flasknb keeps its private files, and how its sidecar is found. Knows the disk, no sockets.

An *instance* is what shares kernels: by default one root directory of one user. All its folders are 0700 and ours, or
they are refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from flasknb.errors import SidecarUnavailable, sentence

SOCKET_PATH_BYTES = 107  # of sockaddr_un, without the final NUL
SOCKET_NAME_BYTES = 24  # the longest name that we make inside the socket folder
LOCK_RETRY_S = 0.05
PS_TIMEOUT_S = 5.0
ROOT_DIR_NAME = "root_dir.json"


@dataclass(frozen=True)
class Discovery:
    """How to reach a running sidecar. ``pid_start`` is the process's start time in clock ticks since boot."""

    pid: int
    pid_start: int
    socket: str
    secret: str
    version: int


def instance_dir(root_dir: Path) -> Path:
    """The private folder (0700) of the instance that serves ``root_dir``, made when missing.

    Raises:
        SidecarUnavailable: the folder exists and is somebody else's, or open to others and cannot be closed.
    """
    digest = hashlib.sha256(os.fsencode(root_dir.resolve())).hexdigest()
    return private_dir(runtime_dir() / f"flasknb-{digest[:12]}")


def runtime_dir() -> Path:
    """The Jupyter runtime folder, made when missing. Raises SidecarUnavailable where that cannot be."""
    folder = Path(jupyter_runtime_dir())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SidecarUnavailable(unusable_runtime_dir(folder, error)) from error
    return folder


def unusable_runtime_dir(folder: Path, error: OSError) -> str:
    """What to say about a runtime folder that ``error`` came from."""
    reason = error.strerror or error
    return sentence(
        f"The runtime folder {folder} cannot be used: {reason}. Set JUPYTER_RUNTIME_DIR to a folder of yours"
    )


def private_dir(folder: Path) -> Path:
    """``folder`` as a folder of mode 0700 that is ours. Raises SidecarUnavailable where that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise SidecarUnavailable(f"{folder} must be a folder that belongs to you; remove it or choose another one")
        if stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise SidecarUnavailable(f"the private folder {folder} cannot be used: {error.strerror}") from error
    return folder


def socket_dir(instance: Path) -> Path:
    """A private folder for ``instance`` whose path is short enough for unix sockets (107 bytes with the name)."""
    digest = hashlib.sha256(os.fsencode(instance)).hexdigest()[:12]
    candidates = [instance, *(base / f"flasknb-{os.geteuid()}-{digest}" for base in _short_bases())]
    for folder in candidates:
        if len(os.fsencode(folder)) + 1 + SOCKET_NAME_BYTES > SOCKET_PATH_BYTES:
            continue
        try:
            return private_dir(folder)
        except SidecarUnavailable:
            continue  # somebody took the name; the next base will do
    return Path(tempfile.mkdtemp(prefix="flasknb-", dir="/tmp"))


def discovery_path(instance: Path) -> Path:
    """The 0600 file that names the socket and the secret of the running sidecar."""
    return instance / "sidecar.json"


def read_discovery(instance: Path) -> Discovery | None:
    """What the discovery file says, ``None`` when it cannot be read (a handshake finds out if it is stale)."""
    try:
        said = json.loads(discovery_path(instance).read_text())
        return Discovery(**{name: said[name] for name in Discovery.__dataclass_fields__})  # a later version says more
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_discovery(instance: Path, discovery: Discovery) -> None:
    """Publish a running sidecar, in one step."""
    write_private(discovery_path(instance), json.dumps(asdict(discovery)), is_durable=False)


def write_root_dir(instance: Path, root_dir: Path) -> None:
    """Say whose kernels these are, for people who look at all instances."""
    write_private(instance / ROOT_DIR_NAME, json.dumps(str(root_dir)), is_durable=False)


def read_root_dir(instance: Path) -> Path | None:
    """The folder that the instance serves; ``None`` when no sidecar has said so."""
    try:
        said = json.loads((instance / ROOT_DIR_NAME).read_text())
    except (OSError, ValueError):
        return None
    return Path(said) if isinstance(said, str) and said else None


def write_private(path: Path, text: str, *, is_durable: bool = True) -> None:
    """Write a 0600 file by temporary file and rename, so that no reader sees half of it.

    Args:
        is_durable: wait until it would outlive a power cut.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        if is_durable:
            os.fsync(file.fileno())
    unfinished.replace(path)


@contextmanager
def locked(path: Path, *, timeout_s: float) -> Iterator[bool]:
    """Hold the lock file ``path``; yields whether it was got within ``timeout_s``. Never blocks a gevent hub."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _lock(descriptor, time.monotonic() + timeout_s)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, deadline_s: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(LOCK_RETRY_S)
        else:
            return True


def process_start(pid: int) -> int | None:
    """When a process started, as a number that with the pid names one process for good; ``None`` when it has ended.

    Clock ticks since boot on Linux, seconds since 1970 elsewhere.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _start_by_ps(pid)
    return None if fields[0] == "Z" else int(fields[19])


def _start_by_ps(pid: int) -> int | None:
    said = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
        timeout=PS_TIMEOUT_S,
        check=False,
    ).stdout.split(maxsplit=1)
    if len(said) < 2 or said[0].startswith("Z"):
        return None
    return int(datetime.strptime(said[1].strip(), "%a %b %d %H:%M:%S %Y").timestamp())


def _short_bases() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return [*([Path(runtime)] if runtime else []), Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108
