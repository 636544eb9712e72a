"""Models of entries from what the file system says about them, without opening them."""

from __future__ import annotations

import logging
import mimetypes
import os
import stat
from collections.abc import Callable, Iterator
from functools import lru_cache

from flasknb.contents.models import ContentsModel, timestamp
from flasknb.contents.paths import (
    CONTROL_CHARACTER,
    SURROGATE,
    Root,
    is_hidden_by_system,
    join_path,
    split_path,
)

log = logging.getLogger(__name__)


def entry_model(api_path: str, status: os.stat_result, is_writable: bool) -> ContentsModel:
    """The model of one entry, content and format ``None``."""
    name = split_path(api_path)[1]
    is_folder = stat.S_ISDIR(status.st_mode)
    kind = "directory" if is_folder else "notebook" if name.endswith(".ipynb") else "file"
    return {
        "name": name,
        "path": api_path,
        "last_modified": timestamp(status.st_mtime),
        "created": timestamp(getattr(status, "st_birthtime", status.st_ctime)),
        "content": None,
        "format": None,
        "mimetype": guess_mimetype(name) if kind == "file" else None,
        "size": None if is_folder else status.st_size,
        "writable": is_writable,
        "hash": None,
        "hash_algorithm": None,
        "type": kind,
    }


def guess_mimetype(name: str) -> str | None:
    """MIME type by the name's last extension: a packed file is not of the type that is packed in it."""
    return _mimetype_of(os.path.splitext(name)[1])


@lru_cache(maxsize=512)
def _mimetype_of(extension: str) -> str | None:
    return mimetypes.guess_type(f"file{extension}")[0]


def list_folder(
    root: Root, api_path: str, *, with_hidden: bool, is_listed: Callable[[str], bool]
) -> Iterator[ContentsModel]:
    """Models of what is in a folder, in the system's order.

    Left out: what is hidden or matched by the user's patterns, what is neither file nor folder, broken links, links
    out of the root, names that no URL can carry.

    Raises:
        OSError: the folder cannot be read.
    """
    folder = root.resolve(api_path)
    kept_back = root.protected_names(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in kept_back or not is_listed(entry.name) or not _can_be_named(entry.name):
                continue
            status = _status_of(root, entry)
            if status is None or (not with_hidden and (entry.name[0] == "." or is_hidden_by_system(status))):
                continue
            yield entry_model(join_path(api_path, entry.name), status, os.access(entry.path, os.W_OK))


def _status_of(root: Root, entry: os.DirEntry[str]) -> os.stat_result | None:
    """The status of what ``entry`` leads to, if that is a file or folder that may be served."""
    try:
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
            if root.is_protected(real) or not root.allows(real):
                return None
        status = entry.stat()
    except OSError as error:
        log.debug("entry left out name=%r errno=%s", entry.name, error.errno)
        return None
    return status if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) else None


def _can_be_named(name: str) -> bool:
    if SURROGATE.search(name) or CONTROL_CHARACTER.search(name):
        log.warning("entry left out, its name is no text name=%a", name)
        return False
    return True
