"""Which upload in pieces a file belongs to, so that two of one name never mix. Knows records on disk, not pieces.

The pieces of one upload carry a number, and from our own page a name made up for the upload; they may arrive at any
worker. The record of a file is read and written under the file's lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import asdict, dataclass
from typing import NoReturn

import orjson

from flasknb.contents.paths import shown
from flasknb.errors import BadRequest, EntryChangedOnDisk

PAUSE_S = 20.0  # between two pieces; after a longer one somebody else may begin anew
KEPT_S = 24 * 3600.0
LAST_PIECE = -1


@dataclass(frozen=True)
class Begun:
    """An upload that has not ended: its name (``""``: none), the next piece, the file as the last one left it."""

    name: str
    next_piece: int
    inode: int
    size_bytes: int
    when_s: float


@dataclass(frozen=True)
class Uploads:
    """Records in ``folder``. Any thread, any process; the caller holds the file's lock."""

    folder: str

    def check(self, disk_path: str, api_path: str, piece: int, name: str, *, now_s: float) -> None:
        """Let piece number ``piece`` pass if it is this upload's turn.

        Args:
            disk_path: the file's real path.
            name: of the upload, ``""`` where its client gives none.
            now_s: seconds since 1970.

        Raises:
            BadRequest: no upload of this file has begun, or it has ended.
            EntryChangedOnDisk: another upload of this file is under way, or the file is not what the last piece left.
        """
        begun = self._read(disk_path)
        if begun is None:
            if piece != 1:
                raise BadRequest(f"The upload of {shown(api_path)} must begin with chunk 1")
            return
        is_untouched = _state_of(disk_path) == (begun.inode, begun.size_bytes)
        is_same = begun.name == name
        if piece == 1:
            is_resting = abs(now_s - begun.when_s) > PAUSE_S  # in the future: the clock was set back
            if is_untouched and not is_resting and not (is_same and name):
                _refuse(f"Another upload of {shown(api_path)} is under way. Wait for its end, or choose another name")
        elif not (is_same and is_untouched and piece in (begun.next_piece, LAST_PIECE)):
            _refuse(
                f"{shown(api_path)} is not what the last piece of this upload left, or this piece has arrived before. "
                "Upload the file again"
            )

    def keep(self, disk_path: str, piece: int, name: str, *, now_s: float) -> None:
        """Remember that ``piece`` has been written; after the last one nothing."""
        if piece == LAST_PIECE:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._record(disk_path))
            return
        inode, size_bytes = _state_of(disk_path)
        record = orjson.dumps(asdict(Begun(name, piece + 1, inode, size_bytes, now_s)))
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        if piece == 1:
            self._forget_old(now_s)
        descriptor = os.open(self._record(disk_path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(record)

    def _record(self, disk_path: str) -> str:
        return os.path.join(self.folder, hashlib.sha256(os.fsencode(disk_path)).hexdigest()[:32])

    def _read(self, disk_path: str) -> Begun | None:
        try:
            with open(self._record(disk_path), "rb") as file:
                return Begun(**orjson.loads(file.read()))
        except (OSError, TypeError, ValueError):
            return None

    def _forget_old(self, now_s: float) -> None:
        """Records of clients that never came back."""
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(self.folder)):
                if now_s - entry.stat().st_mtime > KEPT_S:
                    os.unlink(entry.path)


def _state_of(disk_path: str) -> tuple[int, int]:
    try:
        status = os.stat(disk_path)
    except OSError:
        return (0, 0)
    return status.st_ino, status.st_size


def _refuse(message: str) -> NoReturn:
    raise EntryChangedOnDisk(f"{message}.", reason="another upload")
