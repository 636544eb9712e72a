"""Models of what is on the disk: of a folder with its entries, of a file with its content."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from flasknb.contents.bodies import fill_file
from flasknb.contents.disk import Disk, told_as_errors
from flasknb.contents.hashes import hash_of
from flasknb.contents.listing import entry_model, guess_mimetype, list_folder
from flasknb.contents.models import ContentsModel
from flasknb.contents.paths import shown
from flasknb.errors import BadRequest, EntryMissing

FillNotebook = Callable[[ContentsModel, bytes, "str | None"], None]
"""Puts the notebook that these bytes are into the model; the last argument is the format that was asked for."""


@dataclass(frozen=True)
class FileModels:
    """Makes models of what is below a disk's root. Paths are clean API paths. Any thread.

    Attributes:
        allow_hidden: whether folders list their hidden entries.
        is_listed: whether folders list a name.
    """

    disk: Disk
    allow_hidden: bool
    is_listed: Callable[[str], bool]
    hash_algorithm: str
    fill_notebook: FillNotebook

    def model(
        self, path: str, status: os.stat_result, content: bool, kind: str | None, form: str | None, *, hashed: bool
    ) -> ContentsModel:
        """The model of the entry at ``path`` with this status.

        Raises:
            BadRequest: it is of another type than ``kind``, or has no such form.
            EntryMissing: it is gone by now.
        """
        if stat.S_ISDIR(status.st_mode):
            return self._folder_model(path, status, content, kind)
        if kind == "directory":
            raise BadRequest(f"{shown(path)} is not a directory", reason="bad type")
        return self._file_model(path, status, content, kind, form, hashed=hashed)

    def _model(self, path: str, status: os.stat_result) -> ContentsModel:
        return entry_model(path, status, os.access(self.disk.root.resolve(path), os.W_OK))

    def _folder_model(self, path: str, status: os.stat_result, content: bool, kind: str | None) -> ContentsModel:
        if kind not in (None, "directory"):
            raise BadRequest(f"{shown(path)} is a directory, not a {kind}", reason="bad type")
        model = self._model(path, status)
        if content:
            with told_as_errors(path, "listing"):
                children = list_folder(self.disk.root, path, with_hidden=self.allow_hidden, is_listed=self.is_listed)
                model.update({"content": list(children), "format": "json"})
        return model

    def _file_model(
        self, path: str, status: os.stat_result, content: bool, kind: str | None, form: str | None, *, hashed: bool
    ) -> ContentsModel:
        bytes_on_disk = self.disk.read(path) if content or hashed else None
        later = self.disk.status(path) if content or hashed else status
        if later is None:
            raise EntryMissing(f"file or directory '/{shown(path)}' does not exist")
        model = self._model(path, later)
        if kind is not None and kind != model["type"]:
            model.update({"type": kind, "mimetype": guess_mimetype(model["name"]) if kind == "file" else None})
        if bytes_on_disk is not None and content:
            fill = self.fill_notebook if model["type"] == "notebook" else fill_file
            fill(model, bytes_on_disk, form)
        if bytes_on_disk is not None and hashed:
            model.update({"hash": hash_of(bytes_on_disk, self.hash_algorithm), "hash_algorithm": self.hash_algorithm})
        return model


def is_servable(status: os.stat_result) -> bool:
    """Whether it is a file or folder, and no device or pipe."""
    return stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
