"""Outputs that could not be put into their notebook, beside it: one JSON file per document in the instance's folder.

Workers and sidecar read and write them; the newest outputs of a cell take the place of older ones.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from flasknb.kernel_bridge.instance import private_dir
from flasknb.kernel_bridge.models import JsonObject

log = logging.getLogger(__name__)

FOLDER = "kept-outputs"
MAX_FILES = 100
MAX_FILE_BYTES = 64 * 1024 * 1024


class KeptOutputs:
    """The kept outputs of an instance. Any thread, any process; of two that write at once, the later one counts."""

    def __init__(self, instance_dir: Path) -> None:
        self._folder = instance_dir / FOLDER

    def of(self, api_path: str) -> list[JsonObject]:
        """The cells kept for a document, in the shape of ``GET …/cells``; what cannot be read is none."""
        try:
            kept = orjson.loads(self._file(api_path).read_bytes())
            cells = kept["cells"]
        except (OSError, ValueError, KeyError, TypeError):
            return []
        return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []

    def has(self, api_path: str) -> bool:
        """Whether there are any."""
        return self._file(api_path).exists()

    def keep(self, api_path: str, cells: Sequence[JsonObject]) -> bool:
        """Add ``cells``; whether they are on disk now."""
        private_dir(self._folder)
        merged = {_key(cell): cell for cell in [*self.of(api_path), *cells]}
        content = orjson.dumps({"path": api_path, "cells": list(merged.values())})
        if len(content) > MAX_FILE_BYTES:
            log.error("outputs are too large to be kept path=%s bytes=%d", api_path, len(content))
            return False
        file = self._file(api_path)
        unfinished = file.with_suffix(".new")
        try:
            unfinished.write_bytes(content)
            unfinished.chmod(0o600)
            unfinished.replace(file)
        except OSError as error:
            log.error("outputs cannot be kept path=%s error=%s", api_path, error)
            return False
        self._drop_oldest()
        return True

    def discard(self, api_path: str) -> None:
        """Forget them."""
        self._file(api_path).unlink(missing_ok=True)

    def _file(self, api_path: str) -> Path:
        return self._folder / f"{hashlib.sha256(api_path.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"

    def _drop_oldest(self) -> None:
        with suppress(OSError):
            files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
            for file in files[:-MAX_FILES]:
                log.warning("oldest kept outputs dropped file=%s", file.name)
                file.unlink(missing_ok=True)


def _key(cell: JsonObject) -> str:
    document = cell.get("document")
    place = document.get("source") if isinstance(document, dict) else None
    return f"{cell.get('cell_id')} {place}"
