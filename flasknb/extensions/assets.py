"""Files for the browser: which hashed name stands for ``notebook.js``, and which folder holds a requested file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from flasknb.errors import EntryMissing, FrontEndMissing

SHOWN_CHARS = 200
STATIC_DIR = Path(__file__).resolve().parent.parent / "static"


class AssetFiles:
    """The build of one installation, which may be replaced while the server runs. Any thread: a race reads twice."""

    def __init__(self, static_dir: Path = STATIC_DIR) -> None:
        self.static_dir = static_dir
        self._read_version = (0, 0, 0)
        self._names: Mapping[str, str] = {}

    def built_name(self, name: str) -> str:
        """File below ``static/build`` that stands for the logical ``name``.

        Raises:
            FrontEndMissing: nothing was built, or not this file.
        """
        try:
            return self._manifest()[name]
        except KeyError:
            raise FrontEndMissing(
                f"The browser side of flasknb has no {name}: it was not built completely. Run `make build`"
            ) from None

    def imported_names(self, name: str) -> list[str]:
        """Files below ``static/build`` that the built script ``name`` imports before it runs, directly or not."""
        return self._manifest().get(f"{name} imports", "").split()

    def built_path(self, name: str) -> Path:
        """Path of the built file that stands for the logical ``name``. Raises FrontEndMissing."""
        return self.static_dir / "build" / self.built_name(name)

    def languages(self) -> list[str]:
        """Names of the languages that there are catalogues for, ``de`` or ``pt_BR``. Raises FrontEndMissing."""
        return self._manifest().get("locales", "").split()

    def _manifest(self) -> Mapping[str, str]:
        """Logical name → file name; read again when the file has changed, because a new build removes the old files."""
        path = self.static_dir / "build" / "manifest.json"
        try:
            status = path.stat()
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if version != self._read_version:
                content = json.loads(path.read_text("utf-8"))
                self._names = {str(name): str(file) for name, file in content.items()}
                self._read_version = version
        except (OSError, ValueError) as error:
            raise FrontEndMissing(
                "The browser side of flasknb is not built. Run `make build` in the checkout, or install a wheel"
            ) from error
        return self._names


def find_file(folders: Iterable[Path], name: str, *, may_leave: bool = False) -> Path:
    """The first regular file called ``name`` (with ``/`` between folders) below one of ``folders``.

    Args:
        may_leave: a symbolic link on the way may lead out of the folder, as ``install --symlink`` makes them.

    Raises:
        EntryMissing: no such file, or a name that climbs, is absolute, or is no name at all.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or ":" in part or not part.isprintable() for part in parts):
        raise EntryMissing(f"{name[:SHOWN_CHARS]} is not here")
    for folder in folders:
        path = folder.joinpath(*parts)
        if _is_file(path) and (may_leave or path.resolve().is_relative_to(folder.resolve())):
            return path
    raise EntryMissing(f"{name[:SHOWN_CHARS]} is not here")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name longer than the disk allows
        return False
