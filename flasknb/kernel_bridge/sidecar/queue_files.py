"""The execution queue of one kernel on disk, so that the next sidecar goes on with it. One file for each request.

``<number>.wait`` waits, ``<number>.run`` is with the kernel. A file is one line of JSON, then the v1 payload of the
request; its time of change is when it came, or when it began. Nothing is written for what is sent at once and is done
within a second.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from flasknb.kernel_bridge.instance import private_dir

log = logging.getLogger(__name__)

WAITS, RUNS = ".wait", ".run"


@dataclass(frozen=True)
class Stored:
    """A request of a dead sidecar. ``at_ms`` is when it came, or began if it ``is_running``."""

    payload: bytes
    session: str
    origin: str
    at_ms: int
    is_running: bool


class QueueFiles:
    """Event loop only. Without a disk nothing is kept.

    Args:
        folder: of this kernel alone; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def write(self, payload: bytes, *, session: str, origin: str, at_ms: int, is_running: bool) -> Path | None:
        """Keep a request; where it is kept, ``None`` where it cannot be."""
        self._number += 1
        file = self._folder / f"{self._number:012d}{RUNS if is_running else WAITS}"
        try:
            if not self._folder.exists():
                private_dir(self._folder.parent)
                private_dir(self._folder)
            head = orjson.dumps({"session": session, "origin": origin})
            unfinished = file.with_suffix(".new")
            unfinished.write_bytes(head + b"\n" + payload)
            os.utime(unfinished, ns=(at_ms * 1_000_000, at_ms * 1_000_000))
            unfinished.rename(file)
        except OSError as error:
            log.warning("a request that waits is not on disk error=%s", error)
            return None
        return file

    def begin(self, file: Path, at_ms: int) -> Path | None:
        """What waited is with the kernel now."""
        begun = file.with_suffix(RUNS)
        try:
            os.utime(file, ns=(at_ms * 1_000_000, at_ms * 1_000_000))
            file.rename(begun)
        except OSError as error:
            log.warning("a request that runs is not on disk error=%s", error)
            return None
        return begun

    def load(self) -> Iterator[Stored]:
        """What a dead sidecar left, in order; the files are taken away as they are read."""
        for file in sorted(self._folder.glob("*")):
            if file.suffix in (WAITS, RUNS):
                try:
                    head, _, payload = file.read_bytes().partition(b"\n")
                    named = orjson.loads(head)
                    at_ms = file.stat().st_mtime_ns // 1_000_000
                    yield Stored(payload, str(named["session"]), str(named["origin"]), at_ms, file.suffix == RUNS)
                except (OSError, ValueError, KeyError, TypeError) as error:
                    log.warning("a request of the last sidecar cannot be read error=%s", error)
            file.unlink(missing_ok=True)

    def remove(self) -> None:
        """The kernel is gone for good."""
        shutil.rmtree(self._folder, ignore_errors=True)
