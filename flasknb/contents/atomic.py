"""Replacing a file's bytes so that a reader, a crash or a full disk finds the old ones or the new, never a mix.

The new bytes go to a hidden file in the same folder, reach the disk, and take the name in one step. Where the folder
or the file forbids that (read-only folder, hard links, another owner), the file is written in place, with its old bytes
kept elsewhere until the new ones have reached the disk.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from flasknb.contents.afterwards import once_answered

log = logging.getLogger(__name__)
T = TypeVar("T")
Content = bytes | Sequence[bytes]  # whole, or piece by piece

TEMP_PREFIX = ".~flasknb-"
BLOCK_BYTES = 256 * 1024
PIECES_AT_ONCE = 512  # per system call
BYTES_AT_ONCE = 1 << 20  # per system call: many systems let nobody else have the processor before its end
ALONE_BYTES = 32 * 1024  # copying costs more than another system call
NO_SUCH_SUPPORT = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.ENODATA, errno.EINVAL, errno.EACCES})
CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


def write_atomically(folder: int, name: str, content: Content, backup_folder: str, *, in_place: bool = False) -> None:
    """Make ``content`` the bytes of file ``name`` in the open folder ``folder``, and wait until the disk has them.

    Keeps mode, owner, extended attributes and access lists of an existing file, and other hard links to it.

    Args:
        folder: descriptor of the folder; ``name`` is a single component and no symbolic link.
        backup_folder: where the old bytes stay while a file has to be written in place.
        in_place: write an existing file in place even where another could take its name.

    Raises:
        OSError: the disk refused. The old bytes are in place and nothing temporary is left.
    """
    pieces = [content] if isinstance(content, bytes) else content
    old = _status(folder, name)
    if old is not None and (in_place or old.st_nlink > 1 or not _can_keep_owner(old)):
        _write_in_place(folder, name, b"".join(pieces), backup_folder)
        return
    try:
        _replace(folder, name, pieces, old)
    except OSError as error:
        if old is None or error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        _write_in_place(folder, name, b"".join(pieces), backup_folder)


def _status(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _can_keep_owner(old: os.stat_result) -> bool:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return True
    return old.st_uid == os.geteuid() and (old.st_gid == os.getegid() or old.st_gid in os.getgroups())


def _replace(folder: int, name: str, pieces: Sequence[bytes], old: os.stat_result | None) -> None:
    with _held_open(folder, name, old) as source:
        with _temporary(folder, private=old is not None) as (temp_name, temp):
            _write_pieces(temp, pieces)
            if old is not None:
                _copy_marks(source, temp, old)
            os.fsync(temp)
            os.rename(temp_name, name, src_dir_fd=folder, dst_dir_fd=folder)
        sync_folder(folder)


@contextlib.contextmanager
def _held_open(folder: int, name: str, old: os.stat_result | None) -> Iterator[int | None]:
    """The file that is going to be replaced, open for reading; ``None`` where there is none, or we may not read it.

    While it is open the system keeps its blocks. It would free them in the rename, and the new file's way to the disk
    would wait for that: several times as long as all else. Nor does the answer wait for it.
    """
    source = None
    if old is not None:
        with contextlib.suppress(PermissionError):
            source = os.open(name, os.O_RDONLY | NOFOLLOW | CLOEXEC, dir_fd=folder)
    try:
        yield source
    finally:
        if source is not None:
            once_answered(partial(os.close, source))


def _write_pieces(target: int, pieces: Sequence[bytes]) -> None:
    """Write ``pieces`` one after the other, without copying them into one."""
    if not hasattr(os, "writev"):
        for block in in_blocks(pieces):
            _write_all(target, block)
        return
    for few in _few_at_once(pieces):
        rest = deque(memoryview(piece) for piece in few)
        while rest:
            written_bytes = os.writev(target, rest)
            while rest and written_bytes >= len(rest[0]):
                written_bytes -= len(rest.popleft())
            if written_bytes:
                rest[0] = rest[0][written_bytes:]


def _few_at_once(pieces: Sequence[bytes]) -> Iterator[list[bytes]]:
    """``pieces`` without the empty ones, as many together as one system call should write."""
    few: list[bytes] = []
    size_bytes = 0
    for piece in filter(None, pieces):
        if few and (len(few) == PIECES_AT_ONCE or size_bytes + len(piece) > BYTES_AT_ONCE):
            yield few
            few, size_bytes = [], 0
        few.append(piece)
        size_bytes += len(piece)
    yield few


def in_blocks(pieces: Sequence[bytes]) -> Iterator[bytes]:
    """``pieces`` joined to blocks worth a system call each."""
    block: list[bytes] = []
    size_bytes = 0
    for piece in pieces:
        if len(piece) > ALONE_BYTES or size_bytes > BLOCK_BYTES:
            yield b"".join(block)
            block, size_bytes = [], 0
        if len(piece) > ALONE_BYTES:
            yield piece
            continue
        block.append(piece)
        size_bytes += len(piece)
    yield b"".join(block)


@contextlib.contextmanager
def _temporary(folder: int, private: bool) -> Iterator[tuple[str, int]]:
    """A new file in ``folder``; removed unless it was renamed. A file that replaces another starts private."""
    temp_name = TEMP_PREFIX + secrets.token_hex(6)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NOFOLLOW | CLOEXEC
    temp = os.open(temp_name, flags, 0o600 if private else 0o666, dir_fd=folder)
    try:
        yield temp_name, temp
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temp_name, dir_fd=folder)
        raise
    finally:
        os.close(temp)


def _copy_marks(source: int | None, target: int, old: os.stat_result) -> None:
    """Owner first (a change of owner clears mode bits), then attributes and access lists, then mode.

    Args:
        source: a file we may replace but not read (``None``) keeps no attributes.
    """
    made = os.fstat(target)
    if (made.st_uid, made.st_gid) != (old.st_uid, old.st_gid):
        os.fchown(target, old.st_uid, old.st_gid)
    if source is not None and hasattr(os, "listxattr"):
        _copy_attributes(source, target)
    os.fchmod(target, stat.S_IMODE(old.st_mode))


def _copy_attributes(source: int, target: int) -> None:
    for attribute in _ignoring_unsupported(os.listxattr, source) or ():
        value = _ignoring_unsupported(os.getxattr, source, attribute)
        if value is not None:
            _ignoring_unsupported(os.setxattr, target, attribute, value)


def _ignoring_unsupported(call: Callable[..., T], *arguments: object) -> T | None:
    try:
        return call(*arguments)
    except OSError as error:
        if error.errno not in NO_SUCH_SUPPORT:
            raise
        return None


def _write_in_place(folder: int, name: str, content: bytes, backup_folder: str) -> None:
    target = os.open(name, os.O_RDWR | NOFOLLOW | CLOEXEC, dir_fd=folder)
    try:
        old_content = _read_all(target)
        with _backup(backup_folder, name, old_content) as backup_path:
            refusal = _try_overwrite(target, content, old_content, backup_path)
    finally:
        os.close(target)
    if refusal is not None:
        raise refusal


def _try_overwrite(target: int, content: bytes, old_content: bytes, backup_path: str) -> OSError | None:
    """What the disk said against ``content``; the old bytes are back then.

    Raises:
        OSError: not even the old bytes could be written back. They are in the backup, which stays.
    """
    try:
        _reserve(target, len(content))
        _overwrite(target, content)
    except OSError as refusal:
        log.warning("in-place save failed, old bytes written back errno=%s", refusal.errno)
        try:
            _overwrite(target, old_content)
        except OSError:
            log.error("old bytes are only in backup=%s", backup_path)
            raise
        return refusal
    return None


@contextlib.contextmanager
def _backup(backup_folder: str, name: str, old_content: bytes) -> Iterator[str]:
    """Keep ``old_content`` in a file of its own until the block ends; a crash leaves it there to be found."""
    os.makedirs(backup_folder, mode=0o700, exist_ok=True)
    backup_path = os.path.join(backup_folder, f"{name[:60]}.{secrets.token_hex(6)}.bak")
    backup = os.open(backup_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CLOEXEC, 0o600)
    try:
        _write_all(backup, old_content)
        os.fsync(backup)
    finally:
        os.close(backup)
    yield backup_path
    with contextlib.suppress(OSError):
        os.unlink(backup_path)


def _reserve(target: int, size_bytes: int) -> None:
    """Get the space before the first old byte is overwritten, so that a full disk is met while they are whole."""
    if size_bytes and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(target, 0, size_bytes)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS):
                raise


def _overwrite(target: int, content: bytes) -> None:
    os.lseek(target, 0, os.SEEK_SET)
    _write_all(target, content)
    os.ftruncate(target, len(content))
    os.fsync(target)


def _write_all(target: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(target, rest[: 1 << 26]) :]


def _read_all(source: int) -> bytes:
    os.lseek(source, 0, os.SEEK_SET)
    pieces = []
    while piece := os.read(source, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def sync_folder(folder: int) -> None:
    """Wait until the folder's own entries have reached the disk; some file systems have no such call."""
    try:
        readable = os.open(".", os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | CLOEXEC, dir_fd=folder)
    except OSError:
        return  # a folder one may enter but not read
    try:
        os.fsync(readable)
    except OSError as error:
        log.debug("folder not synced errno=%s", error.errno)
    finally:
        os.close(readable)
