"""Brings the files of an nbextension to their place, newer ones only, or removes them. Knows the disk, no options."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from flasknb.extensions.problems import UnusableExtension

Report = Callable[[str], None]
TIME_SLACK_S = 1e-6


def copy_newer(source: Path, destination: Path, report: Report) -> None:
    """Copy a file, or a folder with all that is in it; files that are there and no older stay.

    Raises:
        UnusableExtension: a file is where a folder must be, or the reverse; or the place is a link to elsewhere.
        OSError: the disk refuses.
    """
    _refuse_link(destination)
    if source.is_file():
        _copy_file(source, destination, report)
        return
    for folder, relative in _folders(source):
        target = destination / relative
        _refuse_link(target)
        if target.exists() and not target.is_dir():
            raise UnusableExtension(f"{target} is a file, and must be a folder; remove it or say --overwrite")
        if not target.exists():
            report(f"Making directory: {target}{os.sep}")
            target.mkdir(parents=True)
        for file in sorted(entry for entry in folder.iterdir() if entry.is_file()):
            _copy_file(file, target / file.name, report)


def link(source: Path, destination: Path, report: Report) -> None:
    """Make ``destination`` a link to ``source``. Raises UnusableExtension, OSError."""
    if destination.is_symlink() and destination.readlink() == source.resolve():
        report(f"Up to date: {destination}")
        return
    if os.path.lexists(destination):
        raise UnusableExtension(f"{destination} is there already; remove it or say --overwrite")
    report(f"Symlinking: {destination} -> {source.resolve()}")
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.symlink_to(source.resolve(), target_is_directory=source.is_dir())


def remove(path: Path, report: Report) -> bool:
    """Remove a file, a link (not what it leads to) or a folder; whether there was one. Raises OSError."""
    if not os.path.lexists(path):
        return False
    report(f"Removing: {path}")
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    return True


def _folders(source: Path) -> Iterator[tuple[Path, Path]]:
    """Folders below ``source``, itself first, each with its path inside. Links to folders are not followed."""
    for name, _, _ in os.walk(source):
        yield Path(name), Path(name).relative_to(source)


def _copy_file(source: Path, target: Path, report: Report) -> None:
    if target.is_dir() and not target.is_symlink():
        raise UnusableExtension(f"{target} is a folder, and must be a file; remove it or say --overwrite")
    if target.is_file() and source.stat().st_mtime - target.stat().st_mtime <= TIME_SLACK_S:
        report(f"Up to date: {target}")
        return
    report(f"Copying: {source} -> {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():
        target.unlink()  # writing through it would change a file elsewhere
    shutil.copy2(source, target)


def _refuse_link(target: Path) -> None:
    if target.is_symlink():
        raise UnusableExtension(f"{target} is a link to {target.readlink()}; say --overwrite to put files in its place")
