"""The rules of paths: what the browser may name, and which file that is. The only module that turns one into the other.

An *API path* is what the browser sends: ``a/b.ipynb``, relative to the root, with ``/`` between its parts.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from functools import cached_property

from flasknb.errors import BadPath, EntryMissing, UnusablePath

NAME_LIMIT_BYTES = 255
PATH_LIMIT_BYTES = 4096
ON_WINDOWS = sys.platform == "win32"
WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|:|$)", re.IGNORECASE)
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
CAN_WALK_FOLDERS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


def clean_path(api_path: str) -> str:
    """``api_path`` in its one spelling: no outer or doubled slashes, no ``.`` parts.

    Raises:
        UnusablePath: a part that no file can be called.
        BadPath: a ``..`` part.
    """
    if not isinstance(api_path, str):
        raise UnusablePath(f"A path must be a string, not {api_path!r:.60}")
    parts = [part for part in api_path.split("/") if part not in ("", ".")]
    for part in parts:
        _check_part(part, api_path)
    cleaned = "/".join(parts)
    if len(cleaned.encode("utf-8")) > PATH_LIMIT_BYTES:
        raise UnusablePath(f"The path {shown(api_path)!r} is longer than {PATH_LIMIT_BYTES} bytes")
    return cleaned


def _check_part(part: str, api_path: str) -> None:
    if part == "..":
        raise BadPath(f"{shown(api_path)} is outside root contents directory")
    if CONTROL_CHARACTER.search(part) or SURROGATE.search(part):
        raise UnusablePath(f"{shown(api_path)!a} is not a valid path: it holds a character no file name may have")
    if (length := len(part.encode("utf-8"))) > NAME_LIMIT_BYTES:
        raise UnusablePath(
            f"The name {shown(part)!r} is {length} bytes long; a file name has at most {NAME_LIMIT_BYTES} bytes"
        )
    if ON_WINDOWS:
        check_windows_part(part, api_path)


def check_windows_part(part: str, api_path: str) -> None:
    """Refuse what Windows reads as a device, a drive, a stream, another folder, or trims silently.

    Raises:
        BadPath: ``part`` is such a name.
    """
    if "\\" in part or ":" in part or WINDOWS_DEVICE.match(part) or part != part.rstrip(". "):
        raise BadPath(f"{shown(api_path)} is not a valid path on Windows")


def shown(text: str, limit: int = 120) -> str:
    """``text`` short enough for an error message."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def split_path(api_path: str) -> tuple[str, str]:
    """Parent and name: ``"a/b.ipynb"`` → ``("a", "b.ipynb")``."""
    parent, _, name = api_path.rpartition("/")
    return parent, name


def join_path(parent: str, name: str) -> str:
    """``("a", "b.ipynb")`` → ``"a/b.ipynb"``."""
    return f"{parent}/{name}" if parent else name


def has_hidden_part(api_path: str) -> bool:
    """Whether any part of the path starts with a dot."""
    return any(part.startswith(".") for part in api_path.split("/") if part)


KNOWS_HIDDEN_FLAGS = hasattr(os.stat_result, "st_flags") or hasattr(os.stat_result, "st_file_attributes")


def is_hidden_by_system(status: os.stat_result) -> bool:
    """Whether the operating system itself marks the entry as hidden (macOS flags, Windows attributes)."""
    flags: int = getattr(status, "st_flags", 0) & getattr(stat, "UF_HIDDEN", 0)
    attributes: int = getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN
    return bool(flags or attributes)


@dataclass(frozen=True)
class Root:
    """One folder that is served, and what may be reached from it. Any thread.

    Attributes:
        folder: absolute path of the root as the user wrote it.
        follow_outside: whether symbolic links may lead out of the root.
        protected: real paths never served, wherever the root is (runtime folder, signing secrets).
    """

    folder: str
    follow_outside: bool = False
    protected: tuple[str, ...] = ()

    @cached_property
    def real_folder(self) -> str:
        """The root, its own symbolic links resolved. A ``Root`` lives for a second: the user may move the folder."""
        return os.path.realpath(self.folder)

    def disk_path(self, api_path: str) -> str:
        """Where ``api_path`` lies, symbolic links not resolved, confinement not checked.

        Raises:
            BadPath, UnusablePath: as ``clean_path``.
        """
        cleaned = clean_path(api_path)
        return os.path.join(self.folder, *cleaned.split("/")) if cleaned else self.folder

    def resolve(self, api_path: str) -> str:
        """The real file that ``api_path`` names, which need not exist.

        Raises:
            BadPath: it lies outside the root.
            EntryMissing: it is one of the protected files.
        """
        cleaned = clean_path(api_path)
        real = self._without_links(cleaned) or os.path.realpath(os.path.join(self.folder, cleaned))
        if not self.allows(real):
            raise BadPath(f"{shown(api_path)} is outside root contents directory")
        if self.is_protected(real):
            raise EntryMissing(f"file or directory '/{shown(api_path)}' does not exist")
        return real

    def _without_links(self, cleaned: str) -> str | None:
        """Where ``cleaned`` really lies, after a look at each part below the root; ``None`` where one is a link."""
        if ON_WINDOWS:
            return None  # a part may be short for another
        real = self.real_folder.rstrip(os.sep)
        for part in cleaned.split("/") if cleaned else ():
            real = f"{real}/{part}"
            try:
                if stat.S_ISLNK(os.lstat(real).st_mode):
                    return None
            except OSError:  # not there: no link further on either
                return f"{self.real_folder.rstrip(os.sep)}/{cleaned}"
        return real or os.sep

    def allows(self, real: str) -> bool:
        """Whether the real path may be served as far as the root's borders go."""
        return self.follow_outside or is_within(real, self.real_folder)

    def is_protected(self, real: str) -> bool:
        """Whether ``real`` lies in a protected place that the root itself is not part of."""
        return any(is_within(real, place) and not is_within(self.real_folder, place) for place in self.protected)

    def protected_names(self, folder: str) -> frozenset[str]:
        """Names in the real folder ``folder`` that are never served."""
        places = (place for place in self.protected if os.path.dirname(place) == folder)
        return frozenset(os.path.basename(place) for place in places if self.is_protected(place))

    def open_folder(self, real: str) -> int:
        """A descriptor of the folder ``real``, reached from the root without following any symbolic link.

        ``real`` was resolved a moment ago. A part that has been swapped for a link since then is refused, so
        nobody can lead a check and the use that follows it to different places. The caller closes it.

        Raises:
            OSError: no such folder, or a link on the way.
        """
        base = self.real_folder
        if not CAN_WALK_FOLDERS or not is_within(real, base):
            return os.open(real, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        descriptor = os.open(base, FOLDER_FLAGS)
        relative = os.path.relpath(real, base)
        for part in () if relative == os.curdir else relative.split(os.sep):
            try:
                deeper = os.open(part, FOLDER_FLAGS | NOFOLLOW, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            descriptor = deeper
        return descriptor

    def open_file(self, real: str) -> int:
        """A descriptor for reading the regular file ``real``; never waits on a pipe, never follows a late link.

        Raises:
            OSError: it cannot be opened.
            EntryMissing: it is a pipe, socket or device.
        """
        folder = self.open_folder(os.path.dirname(real))
        try:
            flags = os.O_RDONLY | NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
            descriptor = os.open(os.path.basename(real), flags | getattr(os, "O_BINARY", 0), dir_fd=folder)
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            inside = os.path.relpath(real, self.real_folder)
            raise EntryMissing(f"'/{'' if inside == os.curdir else shown(inside)}' is no regular file")
        return descriptor


def is_within(real: str, folder: str) -> bool:
    """Whether the absolute path ``real`` is ``folder`` or below it; by parts, so ``/data-x`` is not in ``/data``."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)
