"""Uploads in pieces, so that a file larger than one request's limit arrives."""

from __future__ import annotations

import os
import time
from typing import Any

from flasknb.contents.awaiting import call
from flasknb.contents.bodies import file_bytes
from flasknb.contents.disk import told_as_errors
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.models import ContentsModel
from flasknb.contents.paths import clean_path
from flasknb.contents.uploads import Uploads
from flasknb.errors import BadRequest

LAST_CHUNK = -1
MAX_NAME_CHARS = 100


class LargeFileManager(FileContentsManager):
    """Its ``save`` also takes pieces: ``model["chunk"]`` counts 1, 2, … and ends with -1.

    ``model["upload"]``, where the client gives it, is the same in all pieces of one upload and in no other's.
    """

    def save(self, model: ContentsModel, path: str) -> ContentsModel:
        chunk: Any = model.get("chunk")
        if chunk is None:
            return call(super().save, model, path)
        if not isinstance(chunk, int) or isinstance(chunk, bool) or (chunk < 1 and chunk != LAST_CHUNK):
            raise BadRequest(f"chunk must be 1, 2, … or -1 for the last, not {chunk!r:.40}")
        if model.get("type") != "file":
            raise BadRequest(f'File type "{model.get("type")}" is not supported for large file transfer')
        path = clean_path(path)
        self._check_model(model, path)
        if chunk == 1:
            call(self.run_pre_save_hook, model=model, path=path)
        self._store_chunk(model, path, is_first=chunk == 1)
        saved = call(self.get, path, content=False, type="file")
        if chunk == LAST_CHUNK:
            call(self.run_post_save_hook, model=saved, os_path=self.disk.root.disk_path(path))
        return saved

    def _store_chunk(self, model: ContentsModel, path: str, *, is_first: bool) -> None:
        content, piece, name = file_bytes(model), model["chunk"], _upload_name(model)
        uploads = Uploads(os.path.join(self.disk.locks.folder, "uploads"))
        with self.disk.locked(path):
            disk_path, now_s = self.disk.root.resolve(path), time.time()
            uploads.check(disk_path, path, piece, name, now_s=now_s)
            if is_first:
                self.disk.write(path, content)
            else:
                self.disk.append(path, content)
            with told_as_errors(path, "saving"):
                uploads.keep(disk_path, piece, name, now_s=now_s)


def _upload_name(model: ContentsModel) -> str:
    """What the client calls this upload; ``""`` where it has no name for it. Raises BadRequest."""
    name: Any = model.get("upload")
    if name is None:
        return ""
    if not isinstance(name, str) or len(name) > MAX_NAME_CHARS:
        raise BadRequest(f"upload must be a string of at most {MAX_NAME_CHARS} characters")
    return name
