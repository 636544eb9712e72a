"""Limits that the system sets to a group of processes, for tests that run as root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

CGROUPS = Path("/sys/fs/cgroup")


def is_one_tree() -> bool:
    """Whether all controllers share one tree (version 2)."""
    return (CGROUPS / "cgroup.controllers").exists()


def parent_of(controller: str) -> Path:
    """The group in which new ones are made."""
    return CGROUPS if is_one_tree() else CGROUPS / controller


@contextmanager
def control_group(controller: str, name: str, limits: dict[str, str]) -> Iterator[Path]:
    """A group's folder, with a value in each file of ``limits``; its processes go back to the parent at the end.

    Skips the test where no such group can be made.
    """
    parent = parent_of(controller)
    group = parent / f"flasknb-test-{os.getpid()}-{name}"
    try:
        group.mkdir()
        if is_one_tree():
            (parent / "cgroup.subtree_control").write_text(f"+{controller}")
        for file, value in limits.items():
            (group / file).write_text(value)
    except OSError as error:
        with suppress(OSError):
            group.rmdir()
        pytest.skip(f"no control group can be made here: {error}")
    try:
        yield group
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            put(int(pid), parent)
        group.rmdir()


def put(pid: int, group: Path) -> None:
    """Move a process there, unless it has ended."""
    with suppress(ProcessLookupError):
        (group / "cgroup.procs").write_text(str(pid))
