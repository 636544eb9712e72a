"""Can the folders be used, by us and by nobody else? Is there room?"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from flasknb.cli.commands.checks.finding import Finding, Patient, ok, problem, warning

LEAST_FREE_BYTES = 100 * 1024 * 1024
ADVISED_FREE_BYTES = 1024 * 1024 * 1024
LEAST_FREE_FILES = 1_000
MIB = 1024 * 1024


def check_folders(patient: Patient) -> Iterator[Finding]:
    """Jupyter's folders, the secrets in them, and the folder that is served."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

    yield from check_home(os.environ.get("HOME"))
    folders = {
        "configuration": ("JUPYTER_CONFIG_DIR", Path(jupyter_config_dir())),
        "data": ("JUPYTER_DATA_DIR", Path(jupyter_data_dir())),
        "runtime": ("JUPYTER_RUNTIME_DIR", Path(jupyter_runtime_dir())),
    }
    for kind, (variable, folder) in folders.items():
        yield from check_private_folder(folder, kind, variable)
    chosen = patient.server.cookie_secret_file if patient.server is not None else ""
    yield from check_secret(Path(chosen or folders["runtime"][1] / "jupyter_cookie_secret").expanduser())
    yield from check_secret(folders["data"][1] / "notebook_secret")
    yield from check_root(patient.root_dir)
    for folder in dict.fromkeys((patient.root_dir, folders["runtime"][1], folders["data"][1])):
        yield from check_room(folder)


def check_home(home: str | None) -> Iterator[Finding]:
    """Whether there is a home folder."""
    if not home:
        yield warning(
            "HOME is not set.", "Set it, or set JUPYTER_CONFIG_DIR, JUPYTER_DATA_DIR and JUPYTER_RUNTIME_DIR."
        )
    elif not Path(home).is_dir():
        yield warning(
            f"HOME is {home}, which is no folder.",
            "Make it, or set JUPYTER_CONFIG_DIR, JUPYTER_DATA_DIR and JUPYTER_RUNTIME_DIR to folders that exist.",
        )


def check_private_folder(folder: Path, kind: str, variable: str) -> Iterator[Finding]:
    """Whether a folder of ours can be written, or made, and by others not."""
    try:
        status = folder.stat()
    except FileNotFoundError:
        parent = next(one for one in folder.parents if one.exists())
        if not _is_writable_folder(parent):
            yield problem(
                f"The {kind} folder {folder} does not exist and cannot be made in {parent}.",
                f"Make it and give it to yourself, or set {variable} to a folder of yours.",
            )
        return
    except OSError as error:
        yield problem(f"The {kind} folder {folder} cannot be looked at: {error.strerror}.", f"Set {variable}.")
        return
    if not stat.S_ISDIR(status.st_mode):
        yield problem(f"The {kind} folder {folder} is a file.", f"Move it away, or set {variable} to a folder.")
    elif not _is_writable_folder(folder):
        yield problem(
            f"The {kind} folder {folder} cannot be written.",
            f"Give it to yourself (chown, chmod u+rwx), or set {variable} to a folder of yours.",
        )
    elif status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX:
        yield problem(
            f"Others can write to the {kind} folder {folder}: they can run code as you.", f"chmod go-w {folder}"
        )
    else:
        yield ok(f"The {kind} folder {folder} is yours.")


def check_secret(path: Path) -> Iterator[Finding]:
    """Whether a file with a secret is ours alone; one that is not there yet is fine."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        yield problem(f"The secret {path} cannot be looked at: {error.strerror}.", "Look at the folders above it.")
        return
    if not stat.S_ISREG(status.st_mode):
        yield problem(f"{path} must be a file.", f"Remove it; a new one is made at the next start: rm -r {path}")
    elif status.st_uid != os.geteuid():
        yield problem(f"The secret {path} belongs to somebody else.", f"Remove it, or chown it to yourself: {path}")
    elif status.st_mode & 0o077:
        yield problem(
            f"Others can read the secret {path} (mode {stat.S_IMODE(status.st_mode):o}).",
            f"chmod 600 {path}; remove it as well where others may have read it: a new one is made",
        )


def check_root(root_dir: Path) -> Iterator[Finding]:
    """Whether notebooks can be listed and saved."""
    if not root_dir.is_dir():
        yield problem(f"The folder to serve, {root_dir}, is no folder.", "Make it, or set ServerApp.root_dir.")
    elif not os.access(root_dir, os.R_OK | os.X_OK):
        yield problem(f"The folder to serve, {root_dir}, cannot be read.", f"chmod u+rx {root_dir}")
    elif not _is_writable_folder(root_dir):
        yield warning(
            f"The folder to serve, {root_dir}, cannot be written: notebooks open there, and cannot be saved.",
            "Give it to yourself, or serve another one.",
        )
    else:
        yield ok(f"The folder to serve is {root_dir}.")


def check_room(folder: Path) -> Iterator[Finding]:
    """Whether there is space, and room for more files."""
    place = next((one for one in (folder, *folder.parents) if one.exists()), None)
    if place is None:
        return
    free_bytes = shutil.disk_usage(place).free
    filesystem = os.statvfs(place)
    yield from judge_room(place, free_bytes, filesystem.f_favail if filesystem.f_files else None)


def judge_room(place: Path, free_bytes: int, free_files: int | None) -> Iterator[Finding]:
    """What a disk with so much space (bytes) and room for so many files (``None``: any number) means."""
    advice = "Make room: a notebook that cannot be saved is lost when its page is closed."
    if free_bytes < LEAST_FREE_BYTES:
        yield problem(f"The disk of {place} is full: {free_bytes // MIB} MB are free.", advice)
    elif free_bytes < ADVISED_FREE_BYTES:
        yield warning(f"The disk of {place} is nearly full: {free_bytes // MIB} MB are free.", advice)
    if free_files is not None and free_files < LEAST_FREE_FILES:
        yield problem(
            f"The disk of {place} has room for only {free_files} more files (inodes).", "Remove files you do not need."
        )


def _is_writable_folder(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
