"""What a contents manager can do by its other methods: make untitled entries and copies, under names that are free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flasknb.contents import naming
from flasknb.contents.awaiting import call
from flasknb.contents.models import ContentsModel
from flasknb.contents.notebooks import new_notebook
from flasknb.contents.paths import clean_path, join_path, split_path
from flasknb.errors import BadRequest, EntryExists, EntryMissing


class NewEntries:
    """Part of ``ContentsManager``. Paths are API paths. Any thread."""

    untitled_notebook: Any
    untitled_file: Any
    untitled_directory: Any
    dir_exists: Callable[..., Any]
    exists: Callable[..., Any]
    get: Callable[..., ContentsModel]
    save: Callable[..., ContentsModel]

    def new_untitled(self, path: str = "", type: str = "", ext: str = "") -> ContentsModel:
        """Make a notebook, file or folder called Untitled in folder ``path``; its model.

        Args:
            type: ``"notebook"``, ``"file"`` or ``"directory"``; by ``ext`` when empty.
            ext: extension of a file; ``".ipynb"`` makes a notebook.

        Raises:
            EntryMissing: no such folder.
            BadRequest: another type.
        """
        path = clean_path(path)
        if not call(self.dir_exists, path):
            raise EntryMissing(f"No such directory: {path}")
        kind = type or ("notebook" if ext == ".ipynb" else "file")
        stem, extension, insert = self._untitled_parts(kind, ext)
        name = call(self.increment_filename, stem + extension, path, insert=insert)
        return call(self.new, cast(ContentsModel, {"type": kind}), join_path(path, name))

    def _untitled_parts(self, kind: str, ext: str) -> tuple[str, str, str]:
        if kind == "directory":
            return self.untitled_directory, "", " "
        if kind == "notebook":
            return self.untitled_notebook, ".ipynb", ""
        if kind == "file":
            return self.untitled_file, ext, ""
        raise BadRequest(f"Unexpected model type: {kind!r:.40}")

    def new(self, model: ContentsModel | None = None, path: str = "") -> ContentsModel:
        """Make the entry ``path`` with the content ``model`` has, else empty; its model, without content."""
        path = clean_path(path)
        filled = cast(ContentsModel, dict(model or {}))
        filled.setdefault("type", "notebook" if path.endswith(".ipynb") else "file")
        if filled["type"] != "directory" and filled.get("content") is None:
            empty = new_notebook() if filled["type"] == "notebook" else ""
            filled.update({"content": empty, "format": "json" if filled["type"] == "notebook" else "text"})
        return call(self.save, filled, path)

    def increment_filename(self, filename: str, path: str = "", insert: str = "") -> str:
        """``filename``, or it with a number that is free in folder ``path``."""
        path = clean_path(path)
        return naming.first_free_name(filename, self._is_taken_in(path), insert)

    def _is_taken_in(self, path: str) -> Callable[[str], bool]:
        return lambda name: call(self.exists, join_path(path, name))

    def copy(self, from_path: str, to_path: str | None = None) -> ContentsModel:
        """Copy a file; the copy's model.

        Args:
            to_path: folder for the copy, or its full path; the folder of the original when ``None``.

        Raises:
            EntryMissing: no original, or no such folder.
        """
        from_path = clean_path(from_path)
        to_path = self._copy_target(from_path, to_path)
        model = call(self.get, from_path)
        if model["type"] == "directory":
            raise BadRequest(f"{from_path} is a folder; this contents manager copies only files")
        copied = cast(ContentsModel, {key: model.get(key) for key in ("type", "format", "content")})
        return call(self.save, copied, to_path)

    def _copy_target(self, from_path: str, to_path: str | None) -> str:
        """The full path of a copy that takes nobody's place."""
        from_folder, from_name = split_path(from_path)
        target = from_folder if to_path is None else clean_path(to_path)
        if call(self.dir_exists, target):
            name = naming.without_copy_suffix(from_name)
            return join_path(target, call(self.increment_filename, name, target, insert="-Copy"))
        parent = split_path(target)[0]
        if not call(self.dir_exists, parent):
            raise EntryMissing(f"No such directory: {parent}")
        if call(self.exists, target):
            raise EntryExists(f"File already exists: {target}")
        return target
