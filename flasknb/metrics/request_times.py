"""The durations of all requests of an instance, whichever worker answered: one mapped file per process.

A process that starts takes over the figures of those that ended, so nothing is lost with a worker.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flasknb.kernel_bridge.instance import process_start
from flasknb.metrics.durations import (
    KEY_BYTES,
    NUMBERS,
    RECORD_BYTES,
    Histogram,
    Labels,
    added_up,
    bucket_of,
    pack_record,
    unpack_records,
)

log = logging.getLogger(__name__)

FOLDER_NAME = "metrics"
LOCK_NAME = "lock"
MAX_RECORDS = 2_048
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestTimes:
    """Any thread; after a fork each process has a file of its own. Makes nothing on disk before the first request.

    A disk that refuses costs the figures, never a request.
    """

    def __init__(self, instance_dir: Path) -> None:
        self._folder = instance_dir / FOLDER_NAME
        self._lock = threading.Lock()
        self._pid = 0
        self._file: mmap.mmap | None = None
        self._places: dict[Labels, int] = {}

    def observe(self, method: str, handler: str, status: int, duration_s: float) -> None:
        """Count one request."""
        labels = (method if method in KNOWN_METHODS else "other", handler, str(status))
        with self._lock:
            if self._pid != os.getpid():
                self._begin()
            place = self._places.get(labels) or self._new_place(labels)
            if self._file is None or not place:
                return
            *counts, sum_s = NUMBERS.unpack_from(self._file, place)
            counts[bucket_of(duration_s)] += 1
            NUMBERS.pack_into(self._file, place, *counts, sum_s + duration_s)

    def totals(self) -> dict[Labels, Histogram]:
        """The figures of all processes, those that ended too."""
        if not self._folder.is_dir():
            return {}
        with self._disk_lock():
            return added_up(record for path in self._files() for record in _records(path))

    def _begin(self) -> None:
        self._pid, self._file, self._places = os.getpid(), None, {}
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._disk_lock():
                left = [path for path in self._files() if not _has_owner(path)]
                inherited = added_up(record for path in left for record in _records(path))
                self._file = self._make_file(inherited)
                for path in left:
                    path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("requests are not counted reason=%s", error)

    def _make_file(self, inherited: dict[Labels, Histogram]) -> mmap.mmap:
        path = self._folder / f"{self._pid}-{process_start(self._pid) or 0}"
        records = list(inherited.items())[:MAX_RECORDS]
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.truncate(descriptor, MAX_RECORDS * RECORD_BYTES)  # sparse: takes room as it fills
            file = mmap.mmap(descriptor, MAX_RECORDS * RECORD_BYTES)
        finally:
            os.close(descriptor)
        for number, (labels, histogram) in enumerate(records):
            file[number * RECORD_BYTES : (number + 1) * RECORD_BYTES] = pack_record(labels, histogram)
            self._places[labels] = number * RECORD_BYTES + KEY_BYTES
        return file

    def _new_place(self, labels: Labels) -> int:
        """Where the numbers of ``labels`` are from now on; 0 where there is no room."""
        if self._file is None or len(self._places) >= MAX_RECORDS:
            return 0
        start = len(self._places) * RECORD_BYTES
        self._file[start : start + RECORD_BYTES] = pack_record(labels, Histogram())
        self._places[labels] = start + KEY_BYTES
        return start + KEY_BYTES

    def _files(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.name != LOCK_NAME]

    @contextmanager
    def _disk_lock(self) -> Iterator[None]:
        """Nobody takes files over meanwhile. Held for a moment only, so it has no timeout."""
        descriptor = os.open(self._folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _records(path: Path) -> list[tuple[Labels, Histogram]]:
    with suppress(OSError):
        return list(unpack_records(path.read_bytes()))
    return []


def _has_owner(path: Path) -> bool:
    """Whether the process that writes ``path`` still runs."""
    pid, _, start = path.name.partition("-")
    return pid.isdigit() and start.isdigit() and str(process_start(int(pid)) or 0) == start
