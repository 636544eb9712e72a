"""Files as streams of bytes for downloads and for what pages embed. Knows names and bytes, not HTTP."""

from __future__ import annotations

import base64
import io
import mimetypes
import os
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flasknb.contents.awaiting import call
from flasknb.contents.disk import Disk, told_as_errors
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import ContentsModel, timestamp, to_json
from flasknb.contents.operations import manager_errors
from flasknb.contents.paths import clean_path, shown, split_path
from flasknb.errors import EntryMissing, NotAllowed

UNKNOWN = "application/octet-stream"
NOTEBOOK = "application/x-ipynb+json"
PACKED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


@dataclass(frozen=True)
class Download:
    """An opened file.

    Attributes:
        file: at its first byte; whoever gets this closes it.
        version: changes whenever the bytes do.
    """

    file: BinaryIO
    name: str
    mimetype: str
    size_bytes: int
    last_modified: datetime
    version: str

    @property
    def is_only_saved(self) -> bool:
        """Whether a browser should offer to save it and not show it: notebooks, and what has no known type."""
        return self.mimetype in (NOTEBOOK, UNKNOWN)


def open_download(contents: ContentsManager, api_path: str) -> Download:
    """Open the file at ``api_path``.

    Raises:
        EntryMissing: nothing there, or hidden.
        NotAllowed: a folder, or the disk says no.
    """
    path = clean_path(api_path)
    with manager_errors():
        return _open(contents, path)


def _open(contents: ContentsManager, path: str) -> Download:
    if not contents.allow_hidden and call(contents.is_hidden, path):
        raise EntryMissing(f"file or directory '/{shown(path)}' does not exist")
    if call(contents.dir_exists, path):
        raise NotAllowed(f"{shown(path)} is a directory, not a file")
    disk = getattr(contents, "disk", None)
    return _from_disk(disk, path) if isinstance(disk, Disk) else _from_model(call(contents.get, path))


def _from_disk(disk: Disk, path: str) -> Download:
    with told_as_errors(path, "reading"):
        file = os.fdopen(disk.root.open_file(disk.root.resolve(path)), "rb")
    status = os.fstat(file.fileno())
    name = split_path(path)[1]
    version = f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"
    return Download(file, name, mimetype_of(name), status.st_size, timestamp(status.st_mtime), version)


def _from_model(model: ContentsModel) -> Download:
    content, form = model["content"], model["format"]
    if form == "json":
        raw = to_json(content)
    else:
        raw = base64.b64decode(content) if form == "base64" else content.encode("utf-8")
    version = f"{model['last_modified'].timestamp():.6f}-{len(raw):x}"
    name = model["name"]
    return Download(io.BytesIO(raw), name, mimetype_of(name), len(raw), model["last_modified"], version)


def mimetype_of(name: str) -> str:
    """The type to send a file of this name with; packed files as what they are packed in."""
    if name.endswith(".ipynb"):
        return NOTEBOOK
    guessed, packing = mimetypes.guess_type(name)
    if packing is not None:
        return PACKED.get(packing, UNKNOWN)
    return guessed or UNKNOWN
