"""Checkpoints that need no shared disk: the content goes through the contents manager, whatever that keeps it in."""

from __future__ import annotations

from typing import Any, cast

from flasknb.contents.awaiting import call
from flasknb.contents.bodies import file_bytes, fill_file
from flasknb.contents.checkpoints import FileCheckpoints
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import CheckpointModel, ContentsModel
from flasknb.errors import BadRequest


class GenericCheckpointsMixin:
    """Makes ``create_checkpoint`` and ``restore_checkpoint`` of what a subclass stores and fetches.

    A subclass implements ``create_file_checkpoint``, ``create_notebook_checkpoint``, ``get_file_checkpoint`` and
    ``get_notebook_checkpoint``; each may be a coroutine.
    """

    def create_checkpoint(self, contents_mgr: ContentsManager, path: str) -> CheckpointModel:
        """Keep the entry as the contents manager gives it. Raises BadRequest for a folder."""
        model = call(contents_mgr.get, path, content=True)
        if model["type"] == "notebook":
            return call(self.create_notebook_checkpoint, model["content"], path)
        if model["type"] == "file":
            return call(self.create_file_checkpoint, model["content"], cast(str, model["format"]), path)
        raise BadRequest(f"{path} is a {model['type']}, which has no checkpoints")

    def restore_checkpoint(self, contents_mgr: ContentsManager, checkpoint_id: str, path: str) -> None:
        """Save the kept content again."""
        kind = call(contents_mgr.get, path, content=False)["type"]
        fetch = self.get_notebook_checkpoint if kind == "notebook" else self.get_file_checkpoint
        call(contents_mgr.save, call(fetch, checkpoint_id, path), path)

    def create_file_checkpoint(self, content: str, format: str, path: str) -> CheckpointModel:
        """Keep ``content``, which is text or base64 as ``format`` says."""
        raise NotImplementedError

    def create_notebook_checkpoint(self, nb: Any, path: str) -> CheckpointModel:
        """Keep the notebook ``nb``."""
        raise NotImplementedError

    def get_file_checkpoint(self, checkpoint_id: str, path: str) -> ContentsModel:
        """``{"type": "file", "content", "format"}``. Raises EntryMissing without such a checkpoint."""
        raise NotImplementedError

    def get_notebook_checkpoint(self, checkpoint_id: str, path: str) -> ContentsModel:
        """``{"type": "notebook", "content"}``. Raises EntryMissing without such a checkpoint."""
        raise NotImplementedError


class GenericFileCheckpoints(GenericCheckpointsMixin, FileCheckpoints):
    """Keeps them as files below ``root_dir``, for contents managers that keep their entries elsewhere."""

    def create_file_checkpoint(self, content: str, format: str, path: str) -> CheckpointModel:
        """Keep the bytes."""
        return self._kept(path, file_bytes({"path": path, "content": content, "format": format}))

    def create_notebook_checkpoint(self, nb: Any, path: str) -> CheckpointModel:
        """Keep the notebook as a file holds it."""
        from flasknb.contents.late_nbformat import nbformat

        text: str = nbformat.writes(nb)
        return self._kept(path, text.encode() + b"\n")

    def get_file_checkpoint(self, checkpoint_id: str, path: str) -> ContentsModel:
        """The kept bytes."""
        model: ContentsModel = {"type": "file", "path": path, "mimetype": None}
        fill_file(model, self._fetched(checkpoint_id, path), None)
        return model

    def get_notebook_checkpoint(self, checkpoint_id: str, path: str) -> ContentsModel:
        """The kept notebook."""
        from flasknb.contents.late_nbformat import nbformat

        text = self._fetched(checkpoint_id, path).decode()
        return {"type": "notebook", "path": path, "content": nbformat.reads(text, as_version=4)}

    def _kept(self, path: str, content: bytes) -> CheckpointModel:
        self._keep(self._disk, self._beside(path), content)
        return self._model_of(self._find(path)[2])

    def _fetched(self, checkpoint_id: str, path: str) -> bytes:
        disk, kept, _ = self._require(checkpoint_id, path)
        return disk.read(kept)
