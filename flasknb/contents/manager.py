"""What every contents manager offers; where the entries are kept is a subclass's matter.

Names, arguments and models are those that subclasses written for Jupyter servers know, so their authors change one
import. A subclass may make any public method a coroutine: they reach each other through ``call``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from traitlets import Any as AnyTrait
from traitlets import Bool, Dict, Instance, List, TraitError, Type, Unicode, default, validate
from traitlets.config import LoggingConfigurable

from flasknb.contents import naming
from flasknb.contents.awaiting import call
from flasknb.contents.checkpoints import Checkpoints
from flasknb.contents.hooks import Hook, load_hook, run_after_save, run_before_save
from flasknb.contents.models import CheckpointModel, ContentsModel
from flasknb.contents.notebooks import as_notebook, new_notebook, validation_message
from flasknb.contents.paths import clean_path, join_path, shown, split_path
from flasknb.contents.trust import Trust
from flasknb.errors import BadRequest, EntryExists, EntryMissing, SaveFailed

if TYPE_CHECKING:
    from nbformat import NotebookNode

EVENT_SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1"


class ContentsManager(LoggingConfigurable):
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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pre_save_hooks: list[Hook] = []
        self._post_save_hooks: list[Hook] = []

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

    # --- trust

    def trust_notebook(self, path: str) -> None:
        """Sign the notebook as it is on disk, whatever is in it. Raises SaveFailed when it stays untrusted."""
        model = call(self.get, path, type="notebook")
        self.notary.mark_cells(model["content"], True)
        if call(self.check_and_sign, model["content"], path) is False:  # a subclass's may return nothing
            raise SaveFailed(
                f"{shown(path)} stays untrusted: its signature could not be written. The server's log says why; "
                "signatures are kept in Jupyter's data folder"
            )

    def check_and_sign(self, nb: NotebookNode, path: str = "") -> bool:
        """Sign ``nb`` if all its cells are trusted; whether it was signed. Takes the marks off the cells."""
        if self.notary.check_cells(nb):
            return self.notary.sign(nb)
        self.log.info("notebook is not trusted path=%s", path)
        return False

    def mark_trusted_cells(self, nb: NotebookNode, path: str = "") -> None:
        """Mark the cells of ``nb`` as trusted or not, by its signature."""
        self.notary.mark_cells(nb, self.notary.check_signature(nb))

    def validate_notebook_model(self, model: ContentsModel, validation_error: Any = None) -> ContentsModel:
        """Put into ``model["message"]`` why its notebook does not validate; nothing when it does."""
        content = model["content"]
        message = validation_message(as_notebook(content))
        if message:
            model["message"] = message
        return model

    # --- hooks

    def register_pre_save_hook(self, hook: Hook) -> None:
        """Call ``hook(model=…, path=…, contents_manager=…)`` before each save."""
        self._pre_save_hooks.append(cast(Hook, load_hook(hook)))

    def register_post_save_hook(self, hook: Hook) -> None:
        """Call ``hook(os_path=…, model=…, contents_manager=…)`` after each save."""
        self._post_save_hooks.append(cast(Hook, load_hook(hook)))

    def run_pre_save_hook(self, model: ContentsModel, path: str, **kwargs: Any) -> None:
        """Run the configured hook, then the registered ones; they may change ``model``."""
        for hook in [self.pre_save_hook, *self._pre_save_hooks]:
            if hook is not None:
                run_before_save(hook, model=model, path=path, contents_manager=self, **kwargs)

    run_pre_save_hooks = run_pre_save_hook

    def run_post_save_hook(self, model: ContentsModel, os_path: str) -> None:
        """Run the configured hook, then the registered ones."""
        for hook in [self.post_save_hook, *self._post_save_hooks]:
            if hook is not None:
                run_after_save(hook, os_path=os_path, model=model, contents_manager=self)

    run_post_save_hooks = run_post_save_hook

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
