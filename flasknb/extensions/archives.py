"""Unpacks zip and tar files that strangers made: nothing outside the folder, no links, no devices, no endless files."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flasknb.extensions.locations import checked_name
from flasknb.extensions.problems import UnusableExtension

MAX_TOTAL_BYTES = 1024 * 1024 * 1024
MAX_MEMBERS = 50_000
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


@dataclass(frozen=True)
class Member:
    """A file of an archive. ``modified_s``: since 1970."""

    name: str
    size_bytes: int
    modified_s: float


class Archive(AbstractContextManager["Archive"]):
    """An open archive whose members were all found harmless."""

    _file: zipfile.ZipFile | tarfile.TarFile

    def __init__(self, path: Path) -> None:
        """Raises UnusableExtension, with the member that is at fault."""
        self._path = path
        try:
            is_zip = zipfile.is_zipfile(path)
            self._file = zipfile.ZipFile(path) if is_zip else tarfile.open(path)  # noqa: SIM115 - closed by __exit__
        except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
            raise UnusableExtension(f"{path} cannot be read as an archive: {error}") from error
        try:
            self.members = self._checked_members()
        except BaseException:
            self._file.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def unpack(self, folder: Path) -> None:
        """Write every member below ``folder``, with its date. Raises UnusableExtension, OSError."""
        written_bytes = 0
        for member in self.members:
            target = folder.joinpath(*member.name.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._open(member) as source, target.open("xb") as file:
                written_bytes += _copy(source, file, MAX_TOTAL_BYTES - written_bytes)
            os.utime(target, (member.modified_s, member.modified_s))

    def _open(self, member: Member) -> IO[bytes]:
        if isinstance(self._file, zipfile.ZipFile):
            return self._file.open(self._raw_names[member.name])
        stream = self._file.extractfile(self._raw_names[member.name])
        if stream is None:
            raise UnusableExtension(f"{member.name} in {self._path} is no file")
        return stream

    def _checked_members(self) -> list[Member]:
        self._raw_names: dict[str, str] = {}
        try:
            found = list(self._files())
        except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError) as error:
            raise UnusableExtension(f"{self._path} is damaged: {error}") from error
        if sum(member.size_bytes for member in found) > MAX_TOTAL_BYTES:
            raise UnusableExtension(f"{self._path} unpacks to more than {MAX_TOTAL_BYTES // 1024**2} MB")
        return found

    def _files(self) -> Iterator[Member]:
        for count, (raw_name, kind, size_bytes, modified_s) in enumerate(self._entries()):
            if count >= MAX_MEMBERS:
                raise UnusableExtension(f"{self._path} has more than {MAX_MEMBERS} files")
            name = raw_name.removeprefix("./").rstrip("/")
            if kind == "folder" and name in ("", "."):
                continue
            checked_name(name, f"in {self._path.name}")
            if kind == "folder":
                continue
            if kind != "file":
                raise UnusableExtension(
                    f"{raw_name!r} in {self._path} is a {kind}: only files and folders are unpacked"
                )
            if name in self._raw_names:
                raise UnusableExtension(f"{name!r} is in {self._path} twice")
            self._raw_names[name] = raw_name
            yield Member(name, size_bytes, modified_s)

    def _entries(self) -> Iterator[tuple[str, str, int, float]]:
        """Name, kind, size and date of everything in the archive."""
        if isinstance(self._file, zipfile.ZipFile):
            for one in self._file.infolist():
                if one.flag_bits & 0x1:
                    raise UnusableExtension(f"{self._path} is encrypted")
                yield one.filename, _zip_kind(one), one.file_size, _zip_time_s(one)
        else:
            for entry in self._file:
                yield entry.name, _tar_kind(entry), entry.size, float(entry.mtime)


def is_archive(name: str) -> bool:
    """Whether a file of this name is unpacked."""
    return name.lower().endswith(ENDINGS)


def _zip_kind(entry: zipfile.ZipInfo) -> str:
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    return "folder" if entry.is_dir() else "file"


def _tar_kind(entry: tarfile.TarInfo) -> str:
    if entry.issym() or entry.islnk():
        return "link"
    if entry.isdir():
        return "folder"
    return "file" if entry.isfile() else "device"


def _zip_time_s(entry: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0


def _copy(source: IO[bytes], target: IO[bytes], room_bytes: int) -> int:
    """Bytes written. What an archive says about its sizes need not be true."""
    before = target.tell()
    while chunk := source.read(shutil.COPY_BUFSIZE if hasattr(shutil, "COPY_BUFSIZE") else 64 * 1024):
        target.write(chunk)
        if target.tell() - before > room_bytes:
            raise UnusableExtension(f"the archive unpacks to more than {MAX_TOTAL_BYTES // 1024**2} MB")
    return target.tell() - before
