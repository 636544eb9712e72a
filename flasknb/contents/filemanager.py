"""The contents manager that serves a folder of the disk. It decides; ``disk`` and ``notebooks`` do the work."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from functools import partial
from typing import Any

from traitlets import Bool, Enum, Instance, Integer, List, TraitError, Unicode, default, validate

from flasknb.contents.awaiting import call
from flasknb.contents.checkpoints import FileCheckpoints
from flasknb.contents.disk import REAL_PLACES_KEPT_S, Disk
from flasknb.contents.filemodels import FileModels, FillNotebook, is_servable
from flasknb.contents.hashes import check_unchanged, hash_of
from flasknb.contents.latest import Latest
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import TYPES, ContentsModel
from flasknb.contents.paths import (
    KNOWS_HIDDEN_FLAGS,
    clean_path,
    has_hidden_part,
    is_hidden_by_system,
    is_within,
    shown,
    split_path,
)
from flasknb.contents.resolving import api_path_of
from flasknb.contents.served_notebooks import LastServed
from flasknb.contents.shipped import reads_as_shipped
from flasknb.contents.signed_notebooks import fill_notebook, fill_quickly, stored_bytes
from flasknb.errors import (
    BadPath,
    BadRequest,
    EntryExists,
    EntryMissing,
    FlasknbError,
    NotAllowed,
)

BYTES_PER_MB = 1_000_000


class FileContentsManager(ContentsManager):
    """Serves ``root_dir``. Any thread, any number of processes."""

    root_dir = Unicode(config=True, help="Folder that is served; the folder the server was started in by default.")
    delete_to_trash = Bool(True, config=True, help="Deleted entries go to the desktop's trash instead of vanishing.")
    always_delete_dir = Bool(False, config=True, help="Without the trash, delete folders that are not empty too.")
    max_copy_folder_size_mb = Integer(500, config=True, help="Largest folder that is copied; megabytes.")
    follow_outside_links = Bool(
        False, config=True, help="Serve what symbolic links inside root_dir point to outside of it."
    )
    secret_files = List(
        Unicode(), config=True,
        help="Files never served, beside Jupyter's own secrets; chosen files of cookie secret and token are added.",
    )  # fmt: skip
    use_atomic_writing = Bool(
        True, config=True,
        help="Save to a new file that takes the old one's place; otherwise write into the file itself.",
    )  # fmt: skip
    hash_algorithm = Enum(
        sorted(hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}), default_value="sha256", config=True,
        help="Algorithm of the hash that tells whether a file has changed.",
    )  # fmt: skip

    _kept_disk: tuple[tuple[Any, ...], Disk] | None = None
    last_served = Instance(LastServed, (), help="The notebooks that were read last.")
    last_saved = Instance(Latest, (), help="The long texts of the notebooks that were saved last, by their paths.")

    @default("root_dir")
    def _default_root_dir(self) -> str:
        return str(getattr(self.parent, "root_dir", None) or os.getcwd())

    @default("checkpoints_class")
    def _default_checkpoints_class(self) -> type[FileCheckpoints]:
        return FileCheckpoints

    @validate("root_dir")
    def _validate_root_dir(self, proposal: Any) -> str:
        folder: str = os.path.abspath(os.path.expanduser(proposal["value"]))
        if not os.path.isdir(folder):
            raise TraitError(f"root_dir must be an existing folder, and {folder!r} is not one")
        return folder

    @property
    def disk(self) -> Disk:
        """The file system below ``root_dir``; links to protected places are followed anew each second."""
        period = int(time.monotonic() / REAL_PLACES_KEPT_S)
        asked = (self.root_dir, self.follow_outside_links, tuple(self.secret_files), self.use_atomic_writing, period)
        kept = self._kept_disk
        if kept is None or kept[0] != asked:
            root_dir, follow_outside, secret_files, is_atomic, _ = asked
            disk = Disk.for_folder(
                root_dir, follow_outside=follow_outside, secret_files=secret_files, is_atomic=is_atomic
            )
            kept = self._kept_disk = (asked, disk)
        return kept[1]

    def info_string(self) -> str:
        return f"Serving notebooks from local directory: {self.root_dir}"

    def get_kernel_path(self, path: str, model: ContentsModel | None = None) -> str:
        path = clean_path(path)
        while path and not call(self.dir_exists, path):
            path = split_path(path)[0]
        return path

    # --- what is there

    def dir_exists(self, path: str) -> bool:
        status = self._status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def file_exists(self, path: str = "") -> bool:
        status = self._status(path)
        return status is not None and stat.S_ISREG(status.st_mode)

    def is_hidden(self, path: str) -> bool:
        path = clean_path(path)
        if has_hidden_part(path):
            return True
        while KNOWS_HIDDEN_FLAGS and path and (status := self._status(path)) is not None:
            if is_hidden_by_system(status):
                return True
            path = split_path(path)[0]
        return False

    def resolve_path(self, path: str) -> str | None:
        """The API path of what ``path`` (of this machine, or relative to the root) names; ``None`` when not served."""
        api_path = api_path_of(path, self.root_dir)
        try:
            if api_path is None or self._is_refused(api_path):
                return None
            return api_path if self.file_exists(api_path) or self.dir_exists(api_path) else None
        except (BadPath, EntryMissing):  # through a link that leaves the root, or a protected file
            return None

    def _status(self, path: str) -> os.stat_result | None:
        return self.disk.status(clean_path(path))

    # --- get

    def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> ContentsModel:
        return self._get(
            clean_path(path), content, type, format, hashed=require_hash, fill=partial(fill_notebook, self)
        )

    def get_for_json(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> ContentsModel:
        """As ``get``, for somebody who only sends the model's JSON: a notebook in it may be a ``ServedNotebook``."""
        if not reads_as_shipped(self):
            return call(self.get, path, content=content, type=type, format=format, require_hash=require_hash)
        fill = partial(fill_quickly, self, self.last_served)
        return self._get(clean_path(path), content, type, format, hashed=require_hash, fill=fill)

    def _get(
        self, path: str, content: bool, kind: str | None, form: str | None, *, hashed: bool, fill: FillNotebook
    ) -> ContentsModel:
        status = self._status(path)
        if status is None or not is_servable(status) or self._is_refused(path):
            raise EntryMissing(f"file or directory '/{shown(path)}' does not exist")
        models = FileModels(self.disk, self.allow_hidden, self.should_list, self.hash_algorithm, fill)
        return models.model(path, status, content, kind, form, hashed=hashed)

    def _is_refused(self, path: str) -> bool:
        return not self.allow_hidden and call(self.is_hidden, path)

    # --- save

    def save(self, model: ContentsModel, path: str) -> ContentsModel:
        """Store ``model`` at ``path``; the new model without content.

        ``model["hash"]``, where it is not empty, is the hash of the bytes that the editor knows; others are not
        overwritten. Where there is one, ``None`` too, the new model has the hash of what was stored.

        Raises:
            EntryChangedOnDisk: the file has other bytes by now, or is gone.
            BadRequest: the model lacks something, or contradicts itself.
            DiskFull, NotAllowed, SaveFailed: the disk refused; the old bytes are in place.
        """
        path = clean_path(path)
        self._check_model(model, path)
        call(self.run_pre_save_hook, model=model, path=path)
        if model["type"] == "directory":
            self.disk.make_folder(path)
            saved = call(self.get, path, content=False)
        else:
            saved = self._save_content(model, path)
        call(self.run_post_save_hook, model=saved, os_path=self.disk.root.disk_path(path))
        return saved

    def _check_model(self, model: ContentsModel, path: str) -> None:
        if "type" not in model or not model["type"]:
            raise BadRequest("No file type provided")
        if model["type"] not in TYPES:
            raise BadRequest(f"Unhandled contents type: {model['type']!r:.60}")
        if "content" not in model and model["type"] != "directory":
            raise BadRequest("No file content provided")
        if not path:
            raise BadRequest("The root folder cannot be saved")
        self._check_writable_name(path)
        is_folder = model["type"] == "directory"
        if call(self.file_exists if is_folder else self.dir_exists, path):
            kind = model["type"]
            raise BadRequest(
                f"{shown(path)} is not a directory" if is_folder else f"{shown(path)} is a directory, not a {kind}",
                reason="bad type",
            )

    def _check_writable_name(self, path: str) -> None:
        if self._is_refused(path):
            raise BadRequest(f"Cannot create or change the hidden file or directory {shown(path)!r}")

    def _save_content(self, model: ContentsModel, path: str) -> ContentsModel:
        content, message = stored_bytes(self, model, path)
        with self.disk.locked(path):
            check_unchanged(self.disk, path, model.get("hash"), content, self.hash_algorithm)
            self.disk.write(path, content)
            if model["type"] == "notebook":
                self._checkpoint_first_save(path)
        saved = call(self.get, path, content=False, type=model["type"])
        if "hash" in model:
            saved.update({"hash": hash_of(content, self.hash_algorithm), "hash_algorithm": self.hash_algorithm})
        if message:
            saved["message"] = message
        return saved

    def _checkpoint_first_save(self, path: str) -> None:
        """A notebook can go back to its first save at least. Saving does not depend on it."""
        try:
            if not call(self.checkpoints.list_checkpoints, path):
                call(self.checkpoints.create_checkpoint, self, path)
        except FlasknbError as error:
            self.log.warning("no checkpoint for the first save path=%s error=%s", path, error)

    # --- rename, delete, copy, new

    def rename_file(self, old_path: str, new_path: str) -> None:
        old_path, new_path = clean_path(old_path), clean_path(new_path)
        if not old_path or not new_path:
            raise BadRequest("The root folder cannot be renamed")
        if old_path == new_path:
            return
        for path in (old_path, new_path):
            self._check_writable_name(path)
        with self.disk.locked(old_path, new_path):
            if not call(self.exists, old_path):
                raise EntryMissing(f"File or directory does not exist: {shown(old_path)}")
            if self._takes_other_place(old_path, new_path):
                raise EntryExists(f"File already exists: {shown(new_path)}")
            if new_path.startswith(old_path + "/"):
                raise BadRequest(f"{shown(old_path)} cannot be moved into itself")
            self.disk.rename(old_path, new_path)

    def _takes_other_place(self, old_path: str, new_path: str) -> bool:
        """Whether ``new_path`` is taken by something else; on some disks ``A.ipynb`` is ``a.ipynb``."""
        old, new = self.disk.root.disk_path(old_path), self.disk.root.disk_path(new_path)
        if not os.path.lexists(new):
            return False
        return not (old_path.lower() == new_path.lower() and os.path.samefile(old, new))

    def delete_file(self, path: str) -> None:
        path = clean_path(path)
        self._check_writable_name(path)
        if not call(self.exists, path):
            raise EntryMissing(f"File or directory does not exist: {shown(path)}")
        if not os.access(self.disk.root.resolve(split_path(path)[0]), os.W_OK):
            raise NotAllowed(f"Permission denied: {shown(path)}")
        if (sys.platform == "win32" or not self.delete_to_trash) and not self.always_delete_dir:
            self._check_emptiness(path)  # the trash of Windows drops what is too large for it
        if self.delete_to_trash:
            self.disk.send_to_trash(path)
        else:
            self.disk.remove(path)

    def _check_emptiness(self, path: str) -> None:
        kept_aside = getattr(self.checkpoints, "checkpoint_dir", ".ipynb_checkpoints")
        if self.disk.names_in(path) - {kept_aside}:
            raise BadRequest(f"Directory {shown(path)} not empty", reason="not empty")

    def copy(self, from_path: str, to_path: str | None = None) -> ContentsModel:
        from_path = clean_path(from_path)
        if self._is_refused(from_path) or not call(self.exists, from_path):
            raise EntryMissing(f"file or directory '/{shown(from_path)}' does not exist")
        target_folder = self._folder_for_copy(from_path, to_path)
        with self.disk.locked(target_folder, kind="folder"):
            target = self._copy_target(from_path, to_path)
            self._check_writable_name(target)
            if call(self.dir_exists, from_path):
                self._copy_folder(from_path, target)
            else:
                with self.disk.blocks(from_path) as content, self.disk.locked(target):
                    self.disk.write(target, content)
        return call(self.get, target, content=False)

    def _folder_for_copy(self, from_path: str, to_path: str | None) -> str:
        target = split_path(from_path)[0] if to_path is None else clean_path(to_path)
        return target if call(self.dir_exists, target) else split_path(target)[0]

    def _copy_folder(self, from_path: str, to_path: str) -> None:
        real_place = self.disk.root.resolve(split_path(to_path)[0])
        if is_within(real_place, self.disk.root.resolve(from_path)):  # by real places: links lead to folders above too
            raise BadRequest(f"{shown(from_path or '/')} cannot be copied into itself")
        limit_bytes = self.max_copy_folder_size_mb * BYTES_PER_MB
        if self.disk.size_exceeds(from_path, limit_bytes):
            raise BadRequest(
                f"Can't copy {shown(from_path)}: it holds more than "
                f"{self.max_copy_folder_size_mb} MB, the limit for folders"
            )
        self.disk.copy_tree(from_path, to_path)

    def new_untitled(self, path: str = "", type: str = "", ext: str = "") -> ContentsModel:
        path = clean_path(path)
        if not call(self.dir_exists, path):
            raise EntryMissing(f"No such directory: {shown(path)}")
        with self.disk.locked(path, kind="folder"):  # two that ask at once get two names
            return call(super().new_untitled, path, type, ext)
