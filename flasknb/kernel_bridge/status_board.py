"""The figures of ``/api/status`` in a mapped file: the sidecar writes them, every worker reads them without a call.

The sidecar takes them down before anybody can see a change, and puts them up when it is asked the next time. A reader
believes them only while the sidecar's connection stands and its last sign of life is young.
"""

from __future__ import annotations

import mmap
import os
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path

import orjson

from flasknb.kernel_bridge.models import SidecarStatus

FILE_NAME = "status"
FILE_BYTES = 512
HEAD = struct.Struct("@QdQQ")  # pid, sign of life on the monotonic clock, length of the figures, their checksum
BEAT = struct.Struct("@d")
LENGTH = struct.Struct("@Q")
BEAT_AT, LENGTH_AT = 8, 16
MAX_AGE_S = 2.5  # of the sign of life, given every second


class StatusBoard:
    """The sidecar's side. Event loop only. Without a folder, or on a disk that refuses, nothing is ever put up."""

    def __init__(self, instance_dir: Path | None = None) -> None:
        self._is_up = False
        self._file: mmap.mmap | None = None
        if instance_dir is not None:
            with suppress(OSError):  # workers go on asking
                self._file = _new_file(instance_dir / FILE_NAME)

    def put_up(self, status: SidecarStatus) -> None:
        """Show ``status`` until the next change."""
        figures = orjson.dumps(status)
        if self._file is None or HEAD.size + len(figures) > FILE_BYTES:
            return
        self._file[HEAD.size : HEAD.size + len(figures)] = figures
        HEAD.pack_into(self._file, 0, os.getpid(), time.monotonic(), len(figures), zlib.crc32(figures))
        self._is_up = True

    def take_down(self) -> None:
        """Something has changed that nobody has seen yet."""
        if self._is_up and self._file is not None:
            LENGTH.pack_into(self._file, LENGTH_AT, 0)
            self._is_up = False

    def beat(self) -> None:
        """Give a sign of life."""
        if self._file is not None:
            BEAT.pack_into(self._file, BEAT_AT, time.monotonic())


class StatusReader:
    """A worker's side. Any thread, also after a fork. Reads the file of one sidecar: the next one makes its own."""

    def __init__(self, instance_dir: Path) -> None:
        self._path = instance_dir / FILE_NAME
        self._file: mmap.mmap | None = None

    def read(self, pid: int) -> SidecarStatus | None:
        """The figures that the sidecar ``pid`` shows now; ``None`` when it must be asked."""
        file = self._file
        if file is None:
            file = self._file = _mapped(self._path)
        if file is None:
            return None
        content = file[:]
        owner, beat_s, length, checksum = HEAD.unpack_from(content)
        if owner != pid:
            self._file = None  # another sidecar's, which may have left its file behind
            return None
        figures = content[HEAD.size : HEAD.size + length]
        is_whole = 0 < length == len(figures) and zlib.crc32(figures) == checksum  # else it is just being written
        if not is_whole or not 0 <= time.monotonic() - beat_s <= MAX_AGE_S:
            return None
        return SidecarStatus(**orjson.loads(figures))


def _new_file(path: Path) -> mmap.mmap:
    """A file of our own: readers of the last sidecar's keep what it left."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, bytes(FILE_BYTES))  # a hole on a full disk would end us with SIGBUS
        file = mmap.mmap(descriptor, FILE_BYTES)
    finally:
        os.close(descriptor)
    HEAD.pack_into(file, 0, os.getpid(), time.monotonic(), 0, 0)
    return file


def _mapped(path: Path) -> mmap.mmap | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return mmap.mmap(descriptor, FILE_BYTES, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # shorter than it should be
        return None
    finally:
        os.close(descriptor)
