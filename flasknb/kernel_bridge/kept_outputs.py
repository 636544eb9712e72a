"""Outputs that could not be put into their notebook, beside it: a file per document and user in the instance's folder.

Workers and sidecar read and write them; the newest outputs of a cell take the place of older ones. A file is one line
of JSON that says of which document and whose, and one with the cells.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from flasknb.kernel_bridge.instance import private_dir
from flasknb.kernel_bridge.models import JsonObject

log = logging.getLogger(__name__)

FOLDER = "kept-outputs"
MAX_FILES = 100
MAX_HEAD_BYTES = 64 * 1024
MAX_FILE_BYTES = 64 * 1024 * 1024


class KeptOutputs:
    """The kept outputs of an instance. Any thread, any process; of two that write at once, the later one counts.

    ``owner`` is the user whose kernel it was, see ``KernelRequest``.
    """

    def __init__(self, instance_dir: Path) -> None:
        self._folder = instance_dir / FOLDER

    def of(self, api_path: str, owner: str = "") -> list[JsonObject]:
        """The cells kept for a document, in the shape of ``GET …/cells``; what cannot be read is none."""
        try:
            cells = orjson.loads(self._file(api_path, owner).read_bytes().partition(b"\n")[2])
        except (OSError, ValueError):
            return []
        return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []

    def has(self, api_path: str, owner: str = "") -> bool:
        """Whether there are any."""
        return self._file(api_path, owner).exists()

    def keep(self, api_path: str, cells: Sequence[JsonObject], owner: str = "") -> bool:
        """Add ``cells``; whether they are on disk now."""
        merged = {_key(cell): cell for cell in [*self.of(api_path, owner), *cells]}
        content = orjson.dumps(list(merged.values()))
        if len(content) > MAX_FILE_BYTES:
            log.error("outputs are too large to be kept path=%s bytes=%d", api_path, len(content))
            return False
        try:
            self._write(api_path, owner, content)
        except OSError as error:
            log.error("outputs cannot be kept path=%s error=%s", api_path, error)
            return False
        self._drop_oldest()
        return True

    def discard(self, api_path: str, owner: str = "") -> None:
        """Forget them."""
        self._file(api_path, owner).unlink(missing_ok=True)

    def follow(self, old_path: str, new_path: str) -> None:
        """A document, or a folder with all in it, is called ``new_path`` now: everybody's go with it."""
        for file in self._files():
            try:
                with file.open("rb") as opened:
                    head = orjson.loads(opened.readline(MAX_HEAD_BYTES))
                path, owner = str(head["path"]), str(head["owner"])
                if path != old_path and not path.startswith(f"{old_path}/"):
                    continue
                moved = new_path + path[len(old_path) :]
                self._write(moved, owner, file.read_bytes().partition(b"\n")[2])
                file.unlink(missing_ok=True)
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("kept outputs do not follow path=%s error=%s", new_path, error)

    def _write(self, api_path: str, owner: str, content: bytes) -> None:
        private_dir(self._folder)
        file = self._file(api_path, owner)
        unfinished = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
        try:
            unfinished.write_bytes(orjson.dumps({"path": _plain(api_path), "owner": _plain(owner)}) + b"\n" + content)
            unfinished.chmod(0o600)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)

    def _file(self, api_path: str, owner: str) -> Path:
        named = f"{owner}\0{api_path}".encode("utf-8", "surrogatepass")
        return self._folder / f"{hashlib.sha256(named).hexdigest()[:32]}.json"

    def _files(self) -> list[Path]:
        """Oldest first."""
        try:
            return sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        except OSError:
            return []

    def _drop_oldest(self) -> None:
        for file in self._files()[:-MAX_FILES]:
            log.warning("oldest kept outputs dropped file=%s", file.name)
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _plain(text: str) -> str:
    """Text that JSON can hold, whatever bytes a file's name is made of."""
    return text.encode("utf-8", "replace").decode()


def _key(cell: JsonObject) -> str:
    document = cell.get("document")
    place = document.get("source") if isinstance(document, dict) else None
    return f"{cell.get('cell_id')} {place}"
