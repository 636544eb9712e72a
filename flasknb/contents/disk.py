"""File-system work below one root; the system's refusals become sentences. Knows bytes, not what they mean."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir
from send2trash import send2trash

from flasknb.contents.atomic import Content, sync_folder, write_atomically
from flasknb.contents.fileblocks import FileBlocks
from flasknb.contents.locks import PathLocks
from flasknb.contents.paths import Root, clean_path, shown
from flasknb.errors import BadRequest, DiskFull, EntryMissing, NotAllowed, SaveFailed, TooLarge, UnusablePath

REAL_PLACES_KEPT_S = 1.0  # one save asks for them a dozen times; links to them may change
READ_LIMIT_BYTES = 512 * 1024 * 1024  # what one answer of the contents API may hold; /files streams more
MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})  # ENXIO: a socket
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
IMPOSSIBLE_NAME = frozenset({errno.ENAMETOOLONG, errno.EILSEQ})


@contextlib.contextmanager
def told_as_errors(api_path: str, doing: str) -> Iterator[None]:
    """Turn an ``OSError`` into the domain error that says what happened to ``api_path``.

    Args:
        doing: what was tried, in the ``-ing`` form, for the sentence.
    """
    try:
        yield
    except OSError as error:
        path = shown(api_path)
        if error.errno in MISSING:
            raise EntryMissing(f"file or directory '/{path}' does not exist") from error
        if error.errno in FORBIDDEN:
            raise NotAllowed(f"Permission denied: {path}") from error
        if error.errno in FULL:
            raise DiskFull(
                f"No space left on the disk while {doing} {path}. "
                "The old content is untouched; free some space and try again."
            ) from error
        if error.errno in IMPOSSIBLE_NAME:
            raise UnusablePath(f"{path} is not a valid path: {error.strerror}") from error
        if error.errno == errno.EISDIR:
            raise BadRequest(f"{path} is a directory, not a file", reason="bad type") from error
        raise SaveFailed(f"Unexpected error while {doing} file: {path}: {error.strerror or error}") from error


@dataclass(frozen=True)
class Disk:
    """Reads and writes entries below ``root``. Paths are API paths. Any thread, any process."""

    root: Root
    locks: PathLocks
    backup_folder: str
    is_atomic: bool = True

    @classmethod
    def for_folder(
        cls, folder: str, *, follow_outside: bool = False, secret_files: Iterable[str] = (), is_atomic: bool = True
    ) -> Disk:
        """A disk for ``folder``, with lock files and backups in the user's Jupyter folders.

        Args:
            is_atomic: a save makes a new file that takes the place of the old one.
            secret_files: further files that are never served, beside those of the Jupyter folders.
        """
        runtime, own, *secrets = map(os.path.realpath, (jupyter_runtime_dir(), jupyter_data_dir(), *secret_files))
        backups = os.path.join(own, "flasknb", "backups")
        signing = (os.path.join(own, "notebook_secret"), os.path.join(own, "nbsignatures.db"))
        root = Root(os.path.abspath(folder), follow_outside, (runtime, *signing, backups, *secrets))
        return cls(root, PathLocks(os.path.join(runtime, "flasknb-locks")), backups, is_atomic)

    @contextlib.contextmanager
    def locked(self, *api_paths: str, kind: str = "file") -> Iterator[None]:
        """Nobody else who asks may save these files meanwhile."""
        keys = [self.root.resolve(path) for path in api_paths]
        with contextlib.ExitStack() as stack:
            with told_as_errors(", ".join(api_paths), "locking"):
                stack.enter_context(self.locks.hold(*keys, kind=kind))
            yield

    def status(self, api_path: str) -> os.stat_result | None:
        """What ``stat`` says of the entry, links followed; ``None`` when there is none or it cannot be looked at."""
        try:
            return os.stat(self.root.resolve(api_path))
        except (OSError, EntryMissing):
            return None

    def read(self, api_path: str, limit_bytes: int = READ_LIMIT_BYTES) -> bytes:
        """The bytes of the regular file.

        Raises:
            EntryMissing, NotAllowed: there is none, or it may not be read.
            TooLarge: it has more than ``limit_bytes``.
        """
        with (
            told_as_errors(api_path, "reading"),
            os.fdopen(self.root.open_file(self.root.resolve(api_path)), "rb") as file,
        ):
            _check_size(file.fileno(), api_path, limit_bytes)
            return file.read()

    @contextlib.contextmanager
    def blocks(self, api_path: str, limit_bytes: int = READ_LIMIT_BYTES) -> Iterator[FileBlocks]:
        """The bytes of the regular file, for ``write``: never all of them in memory. Raises as ``read``."""
        with told_as_errors(api_path, "reading"):
            descriptor = self.root.open_file(self.root.resolve(api_path))
        try:
            yield FileBlocks(descriptor, _check_size(descriptor, api_path, limit_bytes))
        finally:
            os.close(descriptor)

    def write(self, api_path: str, content: Content) -> None:
        """Make ``content`` the file's bytes, all or nothing; the caller holds its lock.

        Raises:
            EntryMissing: its folder does not exist.
            NotAllowed, DiskFull, SaveFailed: the disk refused; the old bytes are in place.
        """
        real = self.root.resolve(api_path)
        if os.path.isdir(real):
            raise BadRequest(f"{shown(api_path)} is a directory, not a file", reason="bad type")
        with self._folder_of(real, api_path, "saving") as (folder, name), told_as_errors(api_path, "saving"):
            write_atomically(folder, name, content, self.backup_folder, in_place=not self.is_atomic)

    def append(self, api_path: str, content: bytes) -> None:
        """Add ``content`` to the end of an existing file."""
        real = self.root.resolve(api_path)
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with (
            self._folder_of(real, api_path, "saving") as (folder, name),
            told_as_errors(api_path, "saving"),
            os.fdopen(os.open(name, flags, dir_fd=folder), "ab") as file,
        ):
            file.write(content)

    def make_folder(self, api_path: str) -> None:
        """Make one folder; nothing happens when it exists."""
        real = self.root.resolve(api_path)
        if os.path.isdir(real):
            return
        with self._folder_of(real, api_path, "making") as (folder, name), told_as_errors(api_path, "making"):
            os.mkdir(name, dir_fd=folder)
            sync_folder(folder)

    def make_folders(self, api_path: str) -> None:
        """Make the folder and those on its way."""
        parts = clean_path(api_path).split("/")
        for depth in range(1, len(parts) + 1):
            if parts[0]:
                self.make_folder("/".join(parts[:depth]))

    def rename(self, old_path: str, new_path: str) -> None:
        """Rename an entry (a symbolic link itself, not its target); the caller has seen that the new name is free."""
        old, new = self._entry(old_path), self._entry(new_path)
        with (
            self._folder_of(new, new_path, "renaming") as (new_folder, new_name),
            self._folder_of(old, old_path, "renaming") as (old_folder, old_name),
            told_as_errors(old_path, "renaming"),
        ):
            os.rename(old_name, new_name, src_dir_fd=old_folder, dst_dir_fd=new_folder)
            sync_folder(new_folder)

    def send_to_trash(self, api_path: str) -> None:
        """Move an entry to the desktop's trash.

        Raises:
            BadRequest: there is no trash that takes it.
        """
        try:
            send2trash(self._entry(api_path))
        except OSError as error:
            raise BadRequest(f"send2trash failed: {error.strerror or type(error).__name__}") from error

    def remove(self, api_path: str) -> None:
        """Delete a file, a link, or a folder with all that is in it."""
        entry = self._entry(api_path)
        if os.path.isdir(entry) and not os.path.islink(entry):
            self.remove_tree(api_path)
        else:
            self.remove_file(api_path)

    def names_in(self, api_path: str) -> set[str]:
        """Names of all that is in a folder; none for a file."""
        real = self.root.resolve(api_path)
        with told_as_errors(api_path, "listing"):
            return set(os.listdir(real)) if os.path.isdir(real) else set()

    def size_exceeds(self, api_path: str, limit_bytes: int) -> bool:
        """Whether the files of a folder have more than ``limit_bytes`` together; stops counting there."""
        total_bytes = 0
        for size_bytes in _file_sizes(self.root.resolve(api_path)):
            total_bytes += size_bytes
            if total_bytes > limit_bytes:
                return True
        return False

    def remove_file(self, api_path: str) -> None:
        """Delete a file, or a symbolic link but not its target."""
        entry = self._entry(api_path)
        with self._folder_of(entry, api_path, "deleting") as (folder, name), told_as_errors(api_path, "deleting"):
            os.unlink(name, dir_fd=folder)
            sync_folder(folder)

    def remove_tree(self, api_path: str) -> None:
        """Delete a folder with all that is in it; links are deleted, not followed."""
        with told_as_errors(api_path, "deleting"):
            shutil.rmtree(self._entry(api_path))

    def copy_tree(self, from_path: str, to_path: str) -> None:
        """Copy a folder; links are copied as links, pipes and devices are left out."""
        with told_as_errors(to_path, "copying"):
            source, target = self.root.resolve(from_path), self._entry(to_path)
            shutil.copytree(source, target, symlinks=True, ignore=_special_files)

    def _entry(self, api_path: str) -> str:
        """The disk path of the entry itself: its folder resolved, a final symbolic link not."""
        parent, _, name = clean_path(api_path).rpartition("/")
        self.root.resolve(api_path)
        return os.path.join(self.root.resolve(parent), name)

    @contextlib.contextmanager
    def _folder_of(self, real: str, api_path: str, doing: str) -> Iterator[tuple[int, str]]:
        with told_as_errors(api_path.rpartition("/")[0], doing):
            folder = self.root.open_folder(os.path.dirname(real))
        try:
            yield folder, os.path.basename(real)
        finally:
            os.close(folder)


def _check_size(descriptor: int, api_path: str, limit_bytes: int) -> int:
    """The size of an open file in bytes. Raises TooLarge."""
    size_bytes = os.fstat(descriptor).st_size
    if size_bytes > limit_bytes:
        raise TooLarge(
            f"{shown(api_path)} has {size_bytes:,} bytes; at most {limit_bytes:,} open in the page. "
            "Download it instead."
        )
    return size_bytes


def _special_files(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if _is_special(os.path.join(folder, name))]


def _is_special(disk_path: str) -> bool:
    mode = os.lstat(disk_path).st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def _file_sizes(folder: str) -> Iterator[int]:
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                yield os.lstat(os.path.join(parent, name)).st_size
