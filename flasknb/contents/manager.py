"""What every contents manager offers; where the entries are kept is a subclass's matter.

Names, arguments and models are those that subclasses written for Jupyter servers know, so their authors change one
import. A subclass may make any public method a coroutine: they reach each other through ``call``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Bool, Dict, Instance, List, TraitError, Type, Unicode, default, validate
from traitlets.config import LoggingConfigurable

from flasknb.contents.awaiting import call
from flasknb.contents.checkpoints import Checkpoints
from flasknb.contents.hooks import Hook, load_hook
from flasknb.contents.models import CheckpointModel, ContentsModel
from flasknb.contents.new_entries import NewEntries
from flasknb.contents.paths import clean_path
from flasknb.contents.save_hooks import SaveHooks
from flasknb.contents.trust import Trust
from flasknb.contents.trusting import Trusting
from flasknb.errors import BadRequest

EVENT_SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1"


class ContentsManager(NewEntries, SaveHooks, Trusting, LoggingConfigurable):
    """Base of all contents managers. Paths are API paths. Any thread.

    A subclass implements ``dir_exists``, ``file_exists``, ``is_hidden``, ``get``, ``save``, ``delete_file`` and
    ``rename_file``.
    """

    root_dir = Unicode("/", config=True, help="Folder that is served.")
    allow_hidden = Bool(False, config=True, help="Serve and list files whose name starts with a dot.")
    hide_globs = List(
        Unicode(),
        ["__pycache__", "*.pyc", "*.pyo", ".DS_Store", "*~"],
        config=True,
        help="Patterns of names that listings leave out.",
    )
    untitled_notebook = Unicode("Untitled", config=True, help="Name of a new notebook, without its extension.")
    untitled_file = Unicode("untitled", config=True, help="Name of a new file, without its extension.")
    untitled_directory = Unicode("Untitled Folder", config=True, help="Name of a new folder.")
    pre_save_hook = AnyTrait(
        None, config=True, allow_none=True,
        help="Function, or its import string, called with model, path and contents_manager before each save.",
    )  # fmt: skip
    post_save_hook = AnyTrait(
        None, config=True, allow_none=True,
        help="Function, or its import string, called with os_path, model and contents_manager after each save.",
    )  # fmt: skip
    preferred_dir = Unicode("", config=True, help="Folder below root_dir that the dashboard opens first.")
    event_logger = AnyTrait(
        None, config=True, allow_none=True, help="What events go to; the server's own event bus by default."
    )
    checkpoints_class = Type(Checkpoints, config=True, help="Class that keeps the checkpoints.")
    checkpoints_kwargs = Dict(config=True, help="Arguments for the constructor of checkpoints_class.")
    checkpoints = Instance(Checkpoints, config=True, help="The object that keeps the checkpoints.")
    notary = Instance(Trust, help="Signs notebooks and checks their signatures.")

    @default("checkpoints")
    def _default_checkpoints(self) -> Checkpoints:
        arguments: dict[str, Any] = {"parent": self, "log": self.log, **self.checkpoints_kwargs}
        return self.checkpoints_class(**arguments)

    @default("notary")
    def _default_notary(self) -> Trust:
        return Trust(parent=self)

    @validate("pre_save_hook", "post_save_hook")
    def _validate_hook(self, proposal: Any) -> Hook | None:
        try:
            return load_hook(proposal["value"])
        except (TypeError, ImportError, AttributeError) as error:
            raise TraitError(f"{proposal['trait'].name}: {error}") from error

    @validate("preferred_dir")
    def _validate_preferred_dir(self, proposal: Any) -> str:
        path = clean_path(_below_root(str(proposal["value"]), self.root_dir))
        if path and not call(self.dir_exists, path):
            raise TraitError(f"preferred_dir must be a folder below root_dir, and {proposal['value']!r} is not one")
        return path

    # --- what a subclass provides

    def dir_exists(self, path: str) -> bool:
        """Whether there is a folder at ``path``."""
        raise NotImplementedError

    def is_hidden(self, path: str) -> bool:
        """Whether ``path`` or a folder on its way is hidden."""
        raise NotImplementedError

    def file_exists(self, path: str = "") -> bool:
        """Whether there is a file or notebook at ``path``."""
        raise NotImplementedError

    def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> ContentsModel:
        """The model of the entry at ``path``.

        Args:
            content: with what is in it.
            type: ``"file"``, ``"notebook"`` or ``"directory"`` when the caller insists on one.
            format: ``"text"`` or ``"base64"`` for files.
            require_hash: with the hash of the bytes on disk.
        """
        raise NotImplementedError

    def save(self, model: ContentsModel, path: str) -> ContentsModel:
        """Store ``model`` at ``path``; the new model, without content."""
        raise NotImplementedError

    def delete_file(self, path: str) -> None:
        """Delete the file or folder at ``path``."""
        raise NotImplementedError

    def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename a file or folder; ``new_path`` is free."""
        raise NotImplementedError

    # --- built on the above

    def exists(self, path: str) -> bool:
        """Whether there is anything at ``path``."""
        return call(self.file_exists, path) or call(self.dir_exists, path)

    def delete(self, path: str) -> None:
        """Delete the entry at ``path`` and its checkpoints.

        Raises:
            BadRequest: ``path`` is the root.
        """
        path = clean_path(path)
        if not path:
            raise BadRequest("Can't delete root")
        call(self.delete_file, path)
        call(self.checkpoints.delete_all_checkpoints, path)

    def rename(self, old_path: str, new_path: str) -> None:
        """Rename an entry; its checkpoints come along."""
        call(self.rename_file, old_path, new_path)
        call(self.checkpoints.rename_all_checkpoints, clean_path(old_path), clean_path(new_path))

    def update(self, model: ContentsModel, path: str) -> ContentsModel:
        """Give the entry the path that ``model`` says; its model, without content."""
        path = clean_path(path)
        new_path = clean_path(model.get("path", path))
        if new_path != path:
            call(self.rename, path, new_path)
        return call(self.get, new_path, content=False)

    def should_list(self, name: str) -> bool:
        """Whether listings show ``name``."""
        return _any_of(tuple(self.hide_globs)).match(name) is None

    def emit(self, data: Mapping[str, Any]) -> None:
        """Tell the event bus what was done: ``{"action": "rename", "path": "b", "source_path": "a"}``.

        Actions are ``get``, ``create``, ``save``, ``delete``, ``rename`` and ``copy``. The server calls this itself for
        what a client asks for.
        """
        if self.event_logger is not None:
            self.event_logger.emit(schema_id=EVENT_SCHEMA, data=dict(data))

    # --- checkpoints

    def create_checkpoint(self, path: str) -> CheckpointModel:
        """Keep the file as it is now."""
        return call(self.checkpoints.create_checkpoint, self, clean_path(path))

    def restore_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Put the file back to what it was."""
        call(self.checkpoints.restore_checkpoint, self, checkpoint_id, clean_path(path))

    def list_checkpoints(self, path: str) -> list[CheckpointModel]:
        """The checkpoints of the file."""
        return call(self.checkpoints.list_checkpoints, clean_path(path))

    def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Forget a checkpoint."""
        call(self.checkpoints.delete_checkpoint, checkpoint_id, clean_path(path))

    # --- for others

    def get_kernel_path(self, path: str, model: ContentsModel | None = None) -> str:
        """Folder (API path) where a kernel for ``path`` starts: the root, unless a subclass keeps folders on disk."""
        return ""

    def info_string(self) -> str:
        """One line for the start-up log."""
        return "Serving contents"


@lru_cache(maxsize=8)
def _any_of(globs: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all ``globs``, because a large folder asks for each of its entries."""
    return re.compile("|".join(translate(glob) for glob in globs) or r"(?!)")


def _below_root(folder: str, root_dir: str) -> str:
    """``folder`` as an API path; a command line gives its disk path."""
    try:
        inside = Path(folder).relative_to(Path(root_dir).absolute())
    except ValueError:
        return folder
    return "" if inside == Path() else inside.as_posix()
