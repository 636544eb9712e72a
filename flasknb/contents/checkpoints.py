"""Older versions of files that can be restored: one per file, in ``.ipynb_checkpoints`` beside it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from typing import TYPE_CHECKING, cast

from jupyter_core.paths import jupyter_data_dir
from traitlets import Unicode, default
from traitlets.config import LoggingConfigurable

from flasknb.contents.atomic import Content
from flasknb.contents.awaiting import call
from flasknb.contents.disk import Disk
from flasknb.contents.models import CheckpointModel, timestamp
from flasknb.contents.paths import NAME_LIMIT_BYTES, join_path, split_path
from flasknb.errors import EntryMissing, NotAllowed

if TYPE_CHECKING:
    from flasknb.contents.manager import ContentsManager

CHECKPOINT_ID = "checkpoint"


class Checkpoints(LoggingConfigurable):
    """Base of all checkpoint keepers. Paths are API paths. Methods may be coroutines in a subclass."""

    def create_checkpoint(self, contents_mgr: ContentsManager, path: str) -> CheckpointModel:
        """Keep the file at ``path`` as it is now."""
        raise NotImplementedError

    def restore_checkpoint(self, contents_mgr: ContentsManager, checkpoint_id: str, path: str) -> None:
        """Put the file back. Raises EntryMissing without such a checkpoint."""
        raise NotImplementedError

    def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Move one checkpoint to the file's new path."""
        raise NotImplementedError

    def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Forget one checkpoint. Raises EntryMissing when there is none."""
        raise NotImplementedError

    def list_checkpoints(self, path: str) -> list[CheckpointModel]:
        """The checkpoints of the file at ``path``."""
        raise NotImplementedError

    def rename_all_checkpoints(self, old_path: str, new_path: str) -> None:
        """Move all checkpoints of a file to its new path."""
        for checkpoint in call(self.list_checkpoints, old_path):
            call(self.rename_checkpoint, checkpoint["id"], old_path, new_path)

    def delete_all_checkpoints(self, path: str) -> None:
        """Forget all checkpoints of a file."""
        for checkpoint in call(self.list_checkpoints, path):
            call(self.delete_checkpoint, checkpoint["id"], path)


class FileCheckpoints(Checkpoints):
    """Keeps one checkpoint per file as a copy on disk. Any thread, any process."""

    checkpoint_dir = Unicode(
        ".ipynb_checkpoints", config=True, help="Name of the folder for checkpoints, beside each file."
    )
    root_dir = Unicode(config=True, help="Folder that is served; the contents manager's by default.")

    @default("root_dir")
    def _default_root_dir(self) -> str:
        return cast(str, getattr(self.parent, "root_dir", None) or os.getcwd())

    def create_checkpoint(self, contents_mgr: ContentsManager, path: str) -> CheckpointModel:
        """Copy the file's bytes aside.

        Raises:
            EntryMissing: no such file.
        """
        with self._disk.blocks(path) as content:
            try:
                self._keep(self._disk, self._beside(path), content)
            except NotAllowed:
                spare = self._spare_disk()
                os.makedirs(spare.root.folder, mode=0o700, exist_ok=True)
                self._keep(spare, path, content)
        return self._model_of(self._find(path)[2])

    def restore_checkpoint(self, contents_mgr: ContentsManager, checkpoint_id: str, path: str) -> None:
        """Put the kept bytes back, as safely as any save."""
        disk, kept, _ = self._require(checkpoint_id, path)
        with disk.blocks(kept) as content, self._disk.locked(path):
            self._disk.write(path, content)

    def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Move the kept bytes to where the new path looks for them."""
        disk, kept, _ = self._require(checkpoint_id, old_path)
        new_kept = new_path if disk.root != self._disk.root else self._beside(new_path)
        disk.make_folders(split_path(new_kept)[0])
        disk.rename(kept, new_kept)

    def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Remove the kept bytes."""
        disk, kept, _ = self._require(checkpoint_id, path)
        disk.remove_file(kept)

    def list_checkpoints(self, path: str) -> list[CheckpointModel]:
        """The one checkpoint of ``path``, or none."""
        with contextlib.suppress(EntryMissing):
            return [self._model_of(self._find(path)[2])]
        return []

    def checkpoint_path(self, checkpoint_id: str, path: str) -> str:
        """The disk path of a checkpoint beside its file."""
        return self._disk.root.disk_path(self._beside(path))

    @property
    def _disk(self) -> Disk:
        from_parent = getattr(self.parent, "disk", None)
        return from_parent if isinstance(from_parent, Disk) else Disk.for_folder(self.root_dir)

    def _spare_disk(self) -> Disk:
        """Where checkpoints of files in read-only folders go: private to the user, one tree per root."""
        tree = os.path.realpath(self.root_dir).strip(os.sep).replace(os.sep, "!") or "root"
        return Disk.for_folder(os.path.join(jupyter_data_dir(), "flasknb", "checkpoints", tree[-200:]))

    def _beside(self, path: str) -> str:
        folder, name = split_path(path)
        return join_path(join_path(folder, self.checkpoint_dir), _checkpoint_name(name))

    def _keep(self, disk: Disk, kept: str, content: Content) -> None:
        disk.make_folders(split_path(kept)[0])
        with disk.locked(kept):
            disk.write(kept, content)

    def _find(self, path: str) -> tuple[Disk, str, os.stat_result]:
        """Where the checkpoint of ``path`` is kept."""
        beside = self._beside(path)
        if (status := self._disk.status(beside)) is not None and stat.S_ISREG(status.st_mode):
            return self._disk, beside, status
        spare = self._spare_disk()
        if (status := spare.status(path)) is not None and stat.S_ISREG(status.st_mode):
            return spare, path, status
        raise EntryMissing(f"Checkpoint does not exist: {path}@{CHECKPOINT_ID}")

    def _require(self, checkpoint_id: str, path: str) -> tuple[Disk, str, os.stat_result]:
        if checkpoint_id != CHECKPOINT_ID:
            raise EntryMissing(f"Checkpoint does not exist: {path}@{checkpoint_id}")
        return self._find(path)

    def _model_of(self, status: os.stat_result) -> CheckpointModel:
        return {"id": CHECKPOINT_ID, "last_modified": timestamp(status.st_mtime)}


def _checkpoint_name(name: str) -> str:
    """``a.ipynb`` → ``a-checkpoint.ipynb``; a name too long for the addition is cut and told apart by a hash."""
    stem, extension = os.path.splitext(name)
    checkpoint_name = f"{stem}-checkpoint{extension}"
    if len(checkpoint_name.encode()) <= NAME_LIMIT_BYTES:
        return checkpoint_name
    mark = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{_cut(stem, 100)}-{mark}-checkpoint{_cut(extension, 50)}"


def _cut(text: str, limit_bytes: int) -> str:
    return text.encode()[:limit_bytes].decode(errors="ignore")
